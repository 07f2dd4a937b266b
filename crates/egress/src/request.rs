//! A request as the rooms inside make it, and its answer.

use std::time::Duration;

use zeroize::Zeroizing;

/// What is asked of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// To be told.
    Get,
    /// To be done.
    Post,
    /// To be changed.
    Patch,
    /// To be taken away.
    Delete,
}

/// What shows that one may ask. It goes to the request's origin alone, and does not print.
pub enum Secret {
    /// `Authorization: Bearer …`.
    Bearer(Zeroizing<String>),
    /// `X-Ticket: …`.
    Ticket(Zeroizing<String>),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// A request.
#[derive(Debug)]
pub struct Request {
    /// What is asked.
    pub method: Method,
    /// Of which path; see [`crate::Origin`].
    pub path: String,
    /// What allows it.
    pub secret: Option<Secret>,
    /// JSON, if anything.
    pub body: Option<Zeroizing<Vec<u8>>>,
    /// The names of the fields in body and headers, for the ledger.
    pub fields: Vec<&'static str>,
    /// The answer's greatest length in bytes.
    pub most: usize,
    /// How long all of it may take.
    pub time: Duration,
}

/// An answer, whatever it says.
#[derive(Debug)]
pub struct Answer {
    /// Of HTTP.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}
