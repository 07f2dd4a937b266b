//! What a person sends along who reports an error.

use crate::{Code, Failure, Studio};

impl Studio {
    /// Puts the details of a failure on the clipboard: the code, the version and the family of the operating system.
    /// Nothing else, so that they can be sent to anybody; it works while the vault is locked.
    ///
    /// # Errors
    /// [`Code::ClipboardUnavailable`].
    pub fn copy_failure(&self, code: Code) -> Result<(), Failure> {
        self.inner.host.copy(&details(code)).map_err(|_| Code::ClipboardUnavailable.into())
    }
}

fn details(code: Code) -> String {
    let code = serde_json::to_value(code).ok();
    let code = code.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    format!("Z-Image {}\n{}\n{code}", env!("CARGO_PKG_VERSION"), std::env::consts::OS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_details_of_a_failure_are_version_system_and_code() {
        let lines = details(Code::KeychainLocked);
        let lines: Vec<_> = lines.lines().collect();
        let version = format!("Z-Image {}", env!("CARGO_PKG_VERSION"));
        assert_eq!(lines, [version.as_str(), std::env::consts::OS, "keychain_locked"]);
    }
}
