//! What the table says of a command, and the macro that declares it once.

use serde::Serialize;
use studio::Topic;

/// Whether a command needs an open vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// It answers whatever the vault's state; it tells nothing of what is inside.
    Nothing,
    /// It is refused while the vault is locked.
    OpenVault,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Whether it needs an open vault.
    pub needs: Needs,
    /// What it reads.
    pub reads: &'static [Topic],
    /// What it changes.
    pub changes: &'static [Topic],
    /// TypeScript names of request and answer.
    pub types: fn() -> (String, String),
}

/// How an answer is handed over.
pub(crate) trait Answer: Sized {
    fn of(view: &impl Serialize) -> serde_json::Result<Self>;
}

impl Answer for serde_json::Value {
    fn of(view: &impl Serialize) -> serde_json::Result<Self> {
        serde_json::to_value(view)
    }
}

/// JSON text. A listing of 100,000 items is a megabyte: it is written once, not built up as values first.
impl Answer for String {
    fn of(view: &impl Serialize) -> serde_json::Result<Self> {
        serde_json::to_string(view)
    }
}

/// Declares the command table: `name(Request) -> View, needs, reads [..], changes [..];` for functions of this module
/// that take the studio and the request.
macro_rules! commands {
    ($( $(#[$doc:meta])* $name:ident($request:ty) -> $view:ty, $needs:ident, reads [$($reads:ident),*], changes [$($changes:ident),*]; )*) => {
        /// Every command, in the order of the table.
        pub const COMMANDS: &[$crate::table::Command] = &[$(
            $crate::table::Command {
                name: stringify!($name),
                needs: $crate::table::Needs::$needs,
                reads: &[$(studio::Topic::$reads),*],
                changes: &[$(studio::Topic::$changes),*],
                types: || (
                    <$request as ts_rs::TS>::name(&ts_rs::Config::default()),
                    <$view as ts_rs::TS>::name(&ts_rs::Config::default()),
                ),
            },
        )*];

        /// Shows every request and answer type to a visitor.
        pub(crate) fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $( visitor.visit::<$request>(); visitor.visit::<$view>(); )*
        }

        /// Runs a command. May block: dialogs and the keychain wait for a person.
        ///
        /// # Errors
        /// The command's [`studio::Code`]; `no_such_command` and `bad_request` for what is not in the table.
        pub fn call(
            studio: &studio::Studio,
            name: &str,
            request: serde_json::Value,
        ) -> Result<serde_json::Value, studio::Failure> {
            run(studio, name, request)
        }

        /// As [`call`], with the answer as JSON text: for whoever passes it on and does not look into it.
        ///
        /// # Errors
        /// As [`call`].
        pub fn call_for_text(
            studio: &studio::Studio,
            name: &str,
            request: serde_json::Value,
        ) -> Result<String, studio::Failure> {
            run(studio, name, request)
        }

        fn run<A: $crate::table::Answer>(
            studio: &studio::Studio,
            name: &str,
            request: serde_json::Value,
        ) -> Result<A, studio::Failure> {
            match name {
                $( stringify!($name) => {
                    let request: $request =
                        serde_json::from_value(request).map_err(|_| studio::Code::BadRequest)?;
                    let view: $view = $name(studio, request)?;
                    A::of(&view).map_err(|_| studio::Code::Internal.into())
                } )*
                _ => Err(studio::Code::NoSuchCommand.into()),
            }
        }
    };
}
pub(crate) use commands;
