//! What the service writes to people, in Japanese and English.
//!
//! **Invariant:** no link, no picture, nothing that tells when a mail is read.

mod post;

use serde::{Deserialize, Serialize};
use wire::messages::{Locale, MailPurpose};
use wire::{Email, MailCode};

pub use post::{Post, PostError, carry};

/// A mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: Email,
    /// In which language.
    pub locale: Locale,
    /// What it says.
    pub text: Text,
}

/// What a mail says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Text {
    /// Nothing: such a mail is not sent.
    Nothing,
    /// A code.
    Code {
        /// What for.
        purpose: MailPurpose,
        /// Eight characters.
        code: String,
    },
    /// Somebody wanted to make an account for an address that has one.
    AlreadyHere,
    /// The password was replaced.
    PasswordChanged,
    /// To the address before: the account has another address now.
    EmailMoved {
        /// The ticket that takes it back.
        undo: String,
    },
    /// To the new address.
    EmailIsNowHere,
    /// A session was ended because its token was used twice.
    SessionEnded,
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Text {
    /// A code for a purpose.
    #[must_use]
    pub fn code(purpose: MailPurpose, code: &MailCode) -> Self {
        Self::Code { purpose, code: code.as_str().to_owned() }
    }
}

impl Mail {
    /// The subject and the body.
    #[must_use]
    pub fn words(&self) -> (String, String) {
        let (subject, body) = match self.locale {
            Locale::Ja => japanese(&self.text),
            Locale::En => english(&self.text),
        };
        let end = match self.locale {
            Locale::Ja => "このメールは Z-Image のアカウントについて自動で送られています。返信は届きません。",
            Locale::En => "This mail was sent automatically about a Z-Image account. Replies are not read.",
        };
        (subject, format!("{body}\n\n-- \n{end}\n"))
    }
}

/// `ABCD-EFGH`: easier to read; the hyphen may be typed or not.
fn grouped(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}

fn english(text: &Text) -> (String, String) {
    let (subject, body) = match text {
        Text::Nothing => ("", String::new()),
        Text::Code { purpose, code } => {
            let (subject, what) = match purpose {
                MailPurpose::Register => ("Your code for a new account", "to make an account for this address"),
                MailPurpose::ResetPassword => ("Your code for a new password", "to set a new password"),
                MailPurpose::ChangeEmail => ("Your code for this address", "to move an account to this address"),
                MailPurpose::DeleteAccount => ("Your code for deleting the account", "to delete your account"),
            };
            let body = format!(
                "Type this code into the app {what}:\n\n    {}\n\nIt can be used once, for ten minutes, on the device \
                 that asked for it.\nNobody from us will ever ask you for it. If you did not ask for it, do nothing.",
                grouped(code)
            );
            (subject, body)
        }
        Text::AlreadyHere => (
            "You already have an account",
            "Somebody, probably you, wanted to make an account for this address. There is one already: sign in with \
             it in the app, or set a new password there if it is lost.\nIf it was not you, do nothing."
                .to_owned(),
        ),
        Text::PasswordChanged => (
            "Your password was changed",
            "The password of your account was changed, and every device was signed out.\nIf it was not you, set a \
             new password in the app now: “Forgot the password?”.\nPictures and prompts on your devices are not affected."
                .to_owned(),
        ),
        Text::EmailMoved { undo } => (
            "Your account has another address now",
            format!(
                "The account that had this address has another one now.\nIf it was not you, take it back within three \
                 days: in the app choose “Take back a change of address” and paste this line:\n\n    {undo}\n\nThe \
                 account then has this address again, and every device is signed out."
            ),
        ),
        Text::EmailIsNowHere => (
            "This is your account’s address now",
            "Your account has this address from now on. Your password is the same as before.".to_owned(),
        ),
        Text::SessionEnded => (
            "A device was signed out",
            "A device of your account used a key to its session that had already been replaced. That happens when \
             somebody has copied it, or when a computer was set back to an earlier state. The device was signed \
             out.\nIf you don’t know why, change your password in the app."
                .to_owned(),
        ),
    };
    (subject.to_owned(), body)
}

fn japanese(text: &Text) -> (String, String) {
    let (subject, body) = match text {
        Text::Nothing => ("", String::new()),
        Text::Code { purpose, code } => {
            let (subject, what) = match purpose {
                MailPurpose::Register => ("アカウント作成の確認コード", "このアドレスでアカウントを作成するには"),
                MailPurpose::ResetPassword => ("パスワード再設定の確認コード", "新しいパスワードを設定するには"),
                MailPurpose::ChangeEmail => ("メールアドレス変更の確認コード", "アカウントのアドレスをこのアドレスに変更するには"),
                MailPurpose::DeleteAccount => ("アカウント削除の確認コード", "アカウントを削除するには"),
            };
            let body = format!(
                "{what}、次のコードをアプリに入力してください。\n\n    {}\n\nコードは10分間、手続きを始めた端末で\
                 一度だけ使えます。\n当社からコードをお尋ねすることはありません。心当たりがない場合は、何もする必要は\
                 ありません。",
                grouped(code)
            );
            (subject, body)
        }
        Text::AlreadyHere => (
            "アカウントはすでにあります",
            "このアドレスでアカウントを作成する手続きがありましたが、アカウントはすでにあります。アプリでサインイン\
             するか、パスワードをお忘れの場合はアプリで再設定してください。\n心当たりがない場合は、何もする必要はありません。"
                .to_owned(),
        ),
        Text::PasswordChanged => (
            "パスワードが変更されました",
            "アカウントのパスワードが変更され、すべての端末がサインアウトされました。\n心当たりがない場合は、すぐにアプリの\
             「パスワードをお忘れですか？」から新しいパスワードを設定してください。\n端末にある画像とプロンプトには影響ありません。"
                .to_owned(),
        ),
        Text::EmailMoved { undo } => (
            "アカウントのアドレスが変更されました",
            format!(
                "アカウントのメールアドレスが、このアドレスから別のアドレスに変更されました。\n心当たりがない場合は、3日以内にアプリの\
                 「アドレスの変更を元に戻す」に次の行を貼り付けてください。\n\n    {undo}\n\nアカウントはこのアドレスに戻り、\
                 すべての端末がサインアウトされます。"
            ),
        ),
        Text::EmailIsNowHere => (
            "アカウントのアドレスになりました",
            "今後、アカウントのアドレスはこのアドレスになります。パスワードは変わりません。".to_owned(),
        ),
        Text::SessionEnded => (
            "端末がサインアウトされました",
            "すでに新しいものに替わったセッションの鍵が、もう一度使われました。鍵が複製されたときや、コンピュータを以前の状態に\
             戻したときに起こります。その端末はサインアウトされました。\n心当たりがない場合は、アプリでパスワードを変更してください。"
                .to_owned(),
        ),
    };
    (subject.to_owned(), body)
}
