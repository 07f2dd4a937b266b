//! `init`: the vault, and its recovery key.

use serde_json::json;

use crate::exit::Exit;
use crate::language::pick;
use crate::output::{Output, shown};
use crate::session::Session;
use crate::trouble::Trouble;

/// Makes the vault; the recovery key is told now and never again.
pub fn init(session: &Session, output: &mut Output, keychain: bool, another: bool) -> Result<Exit, Trouble> {
    let sheet = session.create(keychain, another)?;
    let folder = session.studio()?.status().folder.unwrap_or_default();
    if output.json {
        let protection = if keychain { "keychain" } else { "passphrase" };
        output.object(&json!({ "vault": folder, "protection": protection, "recovery_key": sheet.code }))?;
        return Ok(Exit::Done);
    }
    let language = output.language;
    let made = pick(language, "The vault is made: ", "保管庫を作りました：");
    output.line(&format!("{made}{}", shown(&folder)))?;
    output.line(pick(language, "Recovery key, shown only now:", "回復キー（表示は今回だけです）："))?;
    output.line(&format!("\n    {}\n", sheet.code))?;
    output.line(pick(
        language,
        "It opens the vault when nothing else does. Write it down and keep it where you keep important papers.",
        "ほかの方法で保管庫を開けないとき、このキーで開けます。書き写して、大切な書類と一緒に保管してください。",
    ))?;
    Ok(Exit::Done)
}
