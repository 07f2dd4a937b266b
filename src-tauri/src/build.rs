//! What differs between the shipped program and the one that a test drives.

use std::sync::Arc;

use studio::{Host, Sandbox};

/// How this program was put together. There is no argument and no variable that changes it.
#[derive(Default)]
pub struct Build {
    /// A WebDriver may drive the page. WebKitGTK can't do that in an incognito session, so this turns incognito off. It
    /// holds one page: the host says that nothing is typed in another.
    pub driven: bool,
    /// Dialogs and clipboard; `None` for those of the desktop.
    pub host: Option<fn(Sandbox) -> Arc<dyn Host>>,
}

impl Build {
    /// The shipped program.
    pub fn shipped() -> Self {
        Self::default()
    }
}
