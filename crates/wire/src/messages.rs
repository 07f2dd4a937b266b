//! The messages, by the step that they belong to.

mod account;
mod challenge;
mod credential;
mod problem;
mod session;

pub use account::{
    AccountView, EmailChange, EmailUndo, ProfileChange, Receipt, Retained, RetainedKind, ServiceView,
};
pub use challenge::{Challenge, ChallengeRequest, CodeRequest, MailPurpose, TicketAnswer};
pub use credential::{
    Age, Granted, LoginAnswer, LoginFinish, LoginStart, NewAccount, RegistrationAnswer, RegistrationFinish,
    RegistrationStart, SealedAnswer,
};
pub use problem::{Problem, ProblemKind};
pub use session::{Locale, Platform, RefreshRequest, SessionLabel, SessionTokens, SessionView};

pub use crate::token::Message;
