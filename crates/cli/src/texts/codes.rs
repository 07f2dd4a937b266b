//! The text of every code of the studio: what happened, what was kept, what to do next.

use studio::{Code, Language};

use crate::language::pick;

/// Declares a text in both languages for each code; the compiler sees that none is missing.
macro_rules! texts {
    ($($code:ident: $en:literal, $ja:literal;)*) => {
        /// What to tell the person.
        pub fn of(code: Code, language: Language) -> &'static str {
            match code {
                $(Code::$code => pick(language, $en, $ja),)*
            }
        }
    };
}

texts! {
    Locked: "The vault is locked.", "保管庫はロックされています。";
    NoVault: "There is no vault here. Make one with “zimage init”, or name its folder with --vault.",
        "ここに保管庫がありません。「zimage init」で作るか、--vault でフォルダを指定してください。";
    VaultExists: "There is a vault already; it was left as it is.", "保管庫はすでにあります。そのまま残してあります。";
    VaultInUse: "The vault is in use: the app or another command has it open. Close that one, then try again.",
        "保管庫はほかで使用中です。アプリか別のコマンドが開いています。そちらを閉じてから、もう一度お試しください。";
    VaultNewer: "A newer version made this vault. Nothing was changed; open it with that version of Z-Image.",
        "新しいバージョンで作られた保管庫です。何も変更していません。新しいバージョンの Z-Image で開いてください。";
    HeaderDamaged: "The keys of the vault can’t be read. No file was changed. Put vault.keys back from a backup of the vault’s folder.",
        "保管庫の鍵を読めません。ファイルは変更していません。保管庫フォルダのバックアップから vault.keys を戻してください。";
    HeaderMissing: "The keys of the vault are gone. The pictures are still there, sealed. Put vault.keys back from a backup of the vault’s folder.",
        "保管庫の鍵がありません。画像は封をしたまま残っています。バックアップから vault.keys を戻してください。";
    HeaderTampered: "Somebody changed the vault’s keys. The vault was not opened. Put vault.keys back from a backup you trust.",
        "保管庫の鍵が書き換えられています。保管庫は開いていません。信頼できるバックアップから vault.keys を戻してください。";
    CatalogueDamaged: "The catalogue can’t be read: it is damaged, or another vault’s. No file was changed. Put catalogue.db back from a backup of the vault’s folder. “zimage salvage” saves what can still be read.",
        "目録を読めません。壊れているか、別の保管庫のものです。ファイルは変更していません。バックアップから catalogue.db を戻してください。「zimage salvage」で、まだ読めるものを救い出せます。";
    CatalogueMissing: "The catalogue is gone. No file was changed. Put catalogue.db back from a backup of the vault’s folder.",
        "目録がありません。ファイルは変更していません。バックアップから catalogue.db を戻してください。";
    FolderNotEmpty: "The folder for the vault holds other files. Nothing was changed. Name a folder that is empty, or one that is not there yet.",
        "保管庫のフォルダに、ほかのファイルがあります。何も変更していません。空のフォルダか、まだないフォルダを指定してください。";
    HeaderOlder: "The key file is older than the vault: its keys have been renewed since. No file was changed. Put back the newest vault.keys or vault.keys.bak.",
        "鍵のファイルが保管庫より古いものです。その後に鍵が更新されています。ファイルは変更していません。最新の vault.keys か vault.keys.bak を戻してください。";
    CatalogueForeign: "The catalogue here is not this vault’s. No file was changed. Put back the catalogue.db that belongs here.",
        "ここにある目録は、この保管庫のものではありません。ファイルは変更していません。この保管庫の catalogue.db を戻してください。";
    ImagesDamaged: "The pictures’ file can’t be read. No file was changed. Put images.db back from a backup of the vault’s folder. “zimage salvage” saves what can still be read.",
        "画像のファイルを読めません。ファイルは変更していません。バックアップから images.db を戻してください。「zimage salvage」で、まだ読めるものを救い出せます。";
    ImagesMissing: "The pictures’ file is gone. No file was changed. Put images.db back from a backup of the vault’s folder. “zimage salvage” saves what can still be read.",
        "画像のファイルがありません。ファイルは変更していません。バックアップから images.db を戻してください。「zimage salvage」で、まだ読めるものを救い出せます。";
    ImagesForeign: "The pictures’ file belongs to another vault. No file was changed. Put back the images.db that belongs here. “zimage salvage” saves what can still be read.",
        "画像のファイルは別の保管庫のものです。ファイルは変更していません。この保管庫の images.db を戻してください。「zimage salvage」で、まだ読めるものを救い出せます。";
    CipherMissing: "This build can’t encrypt. Nothing was written. Install Z-Image again from where you got it.",
        "このプログラムは暗号化できません。何も書き込んでいません。入手元から Z-Image を入れ直してください。";
    WrongSecret: "That does not open this vault. Check the spelling and the keyboard, then try again.",
        "これでは保管庫が開きません。綴りとキーボードを確かめて、もう一度お試しください。";
    ProofNeeded: "Your passphrase or recovery key is needed once more. Nothing was changed. Type it, then try again.",
        "もう一度パスフレーズか回復キーが必要です。何も変更していません。入力してから、もう一度お試しください。";
    TooManyAttempts: "Too many wrong tries. Wait a moment; the next try is looked at then.",
        "間違いが続いたため、今は受け付けていません。少し待ってから、もう一度お試しください。";
    RecoveryMalformed: "That is not a whole recovery key.", "回復キーの形ではありません。";
    RecoveryMistyped: "There is a typing mistake in the recovery key.", "回復キーに打ち間違いがあります。";
    RecoveryOtherVault: "This recovery key belongs to another vault.", "別の保管庫の回復キーです。";
    NoSuchSlot: "The vault does not open this way: it has no passphrase. Leave the passphrase out to use the keychain.",
        "この方法では開きません。この保管庫にパスフレーズはありません。パスフレーズを指定しなければ、キーチェーンを使います。";
    LastSlot: "This is the last way in; it was kept.", "最後に残った開け方です。そのまま残してあります。";
    PassphraseWeak: "The passphrase is too easy to guess: at least 15 characters; several unrelated words are best.",
        "パスフレーズが推測されやすいです。15文字以上にしてください。関係のない言葉をいくつか並べるのがいちばんです。";
    KeychainUnavailable: "This computer has no keychain that answers. Use a passphrase.",
        "このコンピュータのキーチェーンが応答しません。パスフレーズを使ってください。";
    KeychainLocked: "The keychain stayed locked. Your key is still in it; unlock the keychain and try again.",
        "キーチェーンがロックされたままです。鍵は残っています。キーチェーンを開いて、もう一度お試しください。";
    KeychainMissing: "The keychain does not have this vault’s key. Your pictures are safe: open the vault in the app with the recovery key.",
        "キーチェーンにこの保管庫の鍵がありません。画像は無事です。アプリで回復キーを使って開いてください。";
    KeychainGarbage: "The keychain has something else under this vault’s name. Your pictures are safe: open the vault in the app with the recovery key.",
        "キーチェーンに、この保管庫の名前で別のものが入っています。画像は無事です。アプリで回復キーを使って開いてください。";
    KeychainUnanswered: "Nobody answered the keychain’s question. Look for its window and try again.",
        "キーチェーンの確認に応答がありませんでした。確認のウインドウを探して、もう一度お試しください。";
    NoSuchItem: "There is no such picture in the vault. Nothing was touched.",
        "その画像は保管庫にありません。何も変更していません。";
    PictureDamaged: "This picture’s bytes do not verify. Its prompt is still there.",
        "この画像は壊れています。プロンプトは残っています。";
    DiskFull: "The disk is full. What was finished is kept. Make room, then try again.",
        "ディスクに空きがありません。済んだ分は残っています。空きを作って、もう一度お試しください。";
    ReadOnly: "This place can’t be written. Choose another.", "この場所には書き込めません。別の場所を選んでください。";
    NotPermitted: "The system does not allow it. Check the rights of the file and its folder.",
        "システムに許可されませんでした。ファイルとフォルダの権限を確かめてください。";
    DiskFailed: "The disk does not answer as it should. What was finished is kept.",
        "ディスクが正しく応答しません。済んだ分は残っています。";
    NotFound: "There is no such file or folder. Check the name, and whether its drive is connected.",
        "そのファイルかフォルダが見つかりません。名前と、ドライブの接続を確かめてください。";
    TargetExists: "There is a file of this name already; it was left as it is. Use another name, or --force.",
        "同じ名前のファイルがあります。そのまま残してあります。別の名前にするか、--force を付けてください。";
    FileTooLarge: "The target’s disk does not take files of this length. Choose another disk.",
        "書き出し先のディスクには、この大きさのファイルを置けません。別のディスクを選んでください。";
    TargetBusy: "Another export is writing to the same file.", "別の書き出しが同じファイルに書き込んでいます。";
    TargetInsideVault: "The target lies in the vault’s own folder. Choose another.",
        "書き出し先が保管庫のフォルダの中です。別の場所を選んでください。";
    Nothing: "There is nothing to do. Nothing was changed.", "することがありません。何も変更していません。";
    ArchiveDamaged: "The archive is damaged or cut off. Use another copy of it.",
        "アーカイブが壊れているか、途中で切れています。別の控えを使ってください。";
    ArchiveNotOurs: "This is no archive of Z-Image. For a backup there are “zimage verify-backup” and “zimage restore-backup”.",
        "Z-Image のアーカイブではありません。バックアップには「zimage verify-backup」と「zimage restore-backup」を使います。";
    ArchiveNewer: "A newer version made this archive. Nothing was taken in; use that version.",
        "新しいバージョンで作られたアーカイブです。何も取り込んでいません。新しいバージョンを使ってください。";
    ArchiveUnsafe: "This archive is built to do harm. Nothing was taken in; do not use it.",
        "害を与えるように作られたアーカイブです。何も取り込んでいません。使わないでください。";
    BackupDamaged: "The backup is damaged or cut off. Nothing was made of it; use another copy.",
        "バックアップが壊れているか、途中で切れています。何も作っていません。別の控えを使ってください。";
    BackupNotOurs: "This is no backup of Z-Image. Nothing was made of it. An exported archive comes in with “zimage import-archive”.",
        "Z-Image のバックアップではありません。何も作っていません。書き出したアーカイブは「zimage import-archive」で取り込みます。";
    BackupNewer: "A newer version made this backup. Nothing was made of it; use that version.",
        "新しいバージョンで作られたバックアップです。何も作っていません。新しいバージョンを使ってください。";
    NoSuchVault: "There is no such vault. “zimage vaults” shows those that are there.",
        "その保管庫はありません。「zimage vaults」で一覧を確かめてください。";
    NoSuchOffer: "These files are not known any more.", "このファイルはもう分かりません。";
    NoSuchJob: "That job is over.", "その作業は終わっています。";
    BadRequest: "That could not be understood.", "指示を理解できませんでした。";
    NoSuchCommand: "This version can’t do that.", "このバージョンではできません。";
    ClipboardUnavailable: "The clipboard can’t be used.", "クリップボードを使えません。";
    SettingsNotSaved: "The settings can’t be written.", "設定を書き込めません。";
    NotAllowed: "Requests for this are turned off. Nothing was sent.", "この通信はオフになっています。何も送っていません。";
    LedgerNotWritten: "The record of what leaves could not be written. So nothing was sent. Make room on the disk and try again.", "通信の記録を書き込めませんでした。そのため何も送っていません。ディスクの空きを作って、もう一度お試しください。";
    ServiceUnreachable: "The account service can’t be reached. Everything on this computer works without it. Check the connection and try again.", "アカウントのサービスにつながりません。このコンピュータでできることは、すべて使えます。接続を確かめて、もう一度お試しください。";
    ServiceUnanswered: "The service’s answer did not arrive. What you asked for may be done all the same. Look there before you try again.", "サービスの返事が届きませんでした。手続きは済んでいるかもしれません。確かめてから、もう一度お試しください。";
    ServiceUntrusted: "The connection to the service is not safe. Nothing was told. Somebody may be in between; try another network, or ask whoever runs the service.", "サービスとの接続が安全ではありません。何も伝えていません。誰かが間に入っているかもしれません。別のネットワークで試すか、サービスの運営者に確かめてください。";
    ClockWrong: "The service’s certificate does not fit this computer’s clock. Nothing was told. Set date and time right and try again.", "サービスの証明書が、このコンピュータの時計と合いません。何も伝えていません。日付と時刻を合わせて、もう一度お試しください。";
    AnotherService: "This is another service than before. Your password was not told. If the service has a new key, check it with whoever runs it, and choose the service again.", "前とは別のサービスが応答しています。パスワードは伝えていません。鍵が新しくなったのなら、運営者に確かめてから、サービスを選び直してください。";
    ServiceNewer: "The service needs a newer version of Z-Image. Everything on this computer works as before.", "サービスには、より新しい Z-Image が必要です。このコンピュータでできることは、今までどおり使えます。";
    ServiceAnswer: "The service’s answer makes no sense. Nothing was changed here. Check the service’s address, or try again later.", "サービスの返事を理解できません。こちらでは何も変えていません。サービスのアドレスを確かめるか、しばらくしてからお試しください。";
    SignedOut: "You are signed out. The session has ended, by time or from another device. Sign in again; the vault is not touched.", "サインアウトしています。期限切れか、別の端末からの操作でセッションが終わりました。もう一度サインインしてください。保管庫はそのままです。";
    AccountRefused: "Address and password don’t match. Check both. For safety nobody is told which of them is wrong.", "メールアドレスとパスワードが一致しません。両方を確かめてください。安全のため、どちらが違うかはお伝えしていません。";
    CodeWrong: "That code is not right, or too old. Check the mail that came last, or have another code sent.", "コードが違うか、期限が切れています。いちばん新しいメールを確かめるか、コードをもう一度送ってください。";
    CodeMalformed: "That is not a code from our mails. It has eight letters and digits, such as 7KQ0-M1XZ.", "メールのコードの形ではありません。7KQ0-M1XZ のような、8文字の英数字です。";
    StepOver: "That took too long, or was done already. If it was done already, it holds. Otherwise begin again.", "この手続きは期限切れか、すでに済んでいます。済んでいれば、そのまま有効です。そうでなければ、最初からやり直してください。";
    TooManyRequests: "Too many tries. The service wants a pause. Try again when it is over.", "短い間に何度も試されました。サービスが間を置くよう求めています。時間がたってから、もう一度お試しください。";
    PasswordWeak: "The password is easy to guess. Take at least 15 characters; a few words that do not belong together are best.", "推測されやすいパスワードです。15文字以上にしてください。関係のない言葉をいくつか並べるのがいちばんです。";
    TooLong: "That is longer than what fits. Nothing was changed. Take a shorter one.", "長すぎます。何も変えていません。短くしてください。";
    EmailMalformed: "That is not an e-mail address. It looks like name@example.com.", "メールアドレスの形ではありません。name@example.com のような形です。";
    NameMalformed: "That name can’t be used. Take one line of ordinary characters, not too long.", "その名前は使えません。普通の文字で1行に収めてください。";
    AddressMalformed: "That is not the address of a service. It looks like https://account.example.com, with nothing after it.", "サービスのアドレスではありません。https://account.example.com のような形で、後ろには何も付けません。";
    AddressPlain: "Without https others could read along. Use an address that begins with https.", "https でないと、ほかの人に読まれます。https で始まるアドレスを使ってください。";
    AddressForbidden: "Nothing is ever sent to that address. It is of a kind that no service has.", "そのアドレスには何も送りません。サービスには使われない種類のアドレスです。";
    AgeNeeded: "The question about your age comes first. Begin again.", "先に年齢をお聞きします。最初からやり直してください。";
    TooYoung: "No account for now. Everything on this computer works as before.", "今はアカウントを作れません。このコンピュータでできることは、今までどおり使えます。";
    OutOfMemory: "There is not enough memory. Close other programs and try again.", "メモリが足りません。ほかのアプリを閉じて、もう一度お試しください。";
    SignedOutHereAlone: "The service could not be told. You are signed out on this computer. There the session ends by itself within 30 days, or when another device ends it.", "サービスに伝えられませんでした。このコンピュータではサインアウトしました。サービスの側のセッションは30日以内に切れます。別の端末から終わらせることもできます。";
    NoSuchDevice: "That device is not signed in any more. Nothing was changed. Fetch the list again.", "その端末は、もうサインインしていません。何も変えていません。もう一度取得してください。";
    LineMalformed: "That is not the line from our mail. Copy all of the line that begins with zis_t_.", "メールの行の形ではありません。zis_t_ で始まる行を、全部コピーしてください。";
    PasswordWrong: "The password is wrong. Nothing was changed. Try it again.", "パスワードが違います。何も変えていません。もう一度入力してください。";
    Cancelled: "Stopped. What was finished until then is kept.", "中止しました。それまでに済んだ分は残っています。";
    Internal: "Something went wrong inside. What was saved is kept.", "内部で問題が起きました。保存したものは残っています。";
}
