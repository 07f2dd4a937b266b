//! `rotate`: another key for the vault, and the recovery key that goes with it.

use serde_json::json;
use studio::Code;

use crate::commands::{nothing_more, plain, tell};
use crate::exit::Exit;
use crate::language::pick;
use crate::output::{Output, error_value};
use crate::session::Session;
use crate::trouble::Trouble;

/// Replaces the vault's key. The new recovery key is told before the catalogue is written anew: from that moment on the
/// old one opens nothing.
pub fn rotate(session: &Session, output: &mut Output) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let passphrase = session.passphrase_again(studio)?;
    let (sheet, job) = studio.replace_key(passphrase.map(|typed| typed.to_string()))?;
    if !output.json {
        let language = output.language;
        output.line(pick(
            language,
            "New recovery key, shown only now:",
            "新しい回復キー（表示は今回だけです）：",
        ))?;
        output.line(&format!("\n    {}\n", sheet.code))?;
        output.line(pick(
            language,
            "The old one opens nothing any more. Write the new one down.",
            "これまでの回復キーでは開けなくなりました。新しいキーを書き写してください。",
        ))?;
    }
    let ended = match session.run(studio, |_| Ok(job)) {
        Ok(ended) if ended.report.is_some() => ended,
        Ok(_) => return unfinished(output, Code::Cancelled.into(), &sheet.code),
        Err(trouble) => return unfinished(output, trouble, &sheet.code),
    };
    let told = |report: &_| {
        let mut told = plain(report);
        if let Some(fields) = told.as_object_mut() {
            fields.insert("recovery_key".to_owned(), json!(sheet.code));
        }
        told
    };
    Ok(tell(output, ended, told, nothing_more)?.1)
}

/// The next opening goes on with the catalogue. The old recovery key is gone already: the new one is told all the same.
fn unfinished(output: &mut Output, trouble: Trouble, recovery_key: &str) -> Result<Exit, Trouble> {
    if !output.json {
        return Err(trouble);
    }
    let mut value = error_value(trouble, output.language);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("recovery_key".to_owned(), json!(recovery_key));
    }
    output.object(&value)?;
    Ok(trouble.exit())
}
