//! Journeys through the whole application by its command table: what a person does in the window, without one.

mod app;
mod locked;
mod main_job;
mod residue;
