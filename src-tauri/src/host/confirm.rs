//! Questions in a window of the system's own: nothing inside the page can answer them.

use std::borrow::Cow;
#[cfg(target_os = "linux")]
use std::cell::RefCell;
use std::sync::mpsc::SyncSender;

use studio::{Confirm, Language};
use tauri::AppHandle;

struct Words {
    title: &'static str,
    text: Cow<'static, str>,
    accept: &'static str,
    cancel: &'static str,
}

impl Words {
    fn of(what: &Confirm, language: Language) -> Self {
        match language {
            Language::Ja => Self::ja(what),
            Language::En => Self::en(what),
        }
    }

    fn ja(what: &Confirm) -> Self {
        let (title, text, accept) = match what {
            Confirm::NewRecovery => (
                "新しい回復キーを作りますか？",
                "これまでの回復キーでは、保管庫を開けなくなります。",
                "新しいキーを作る",
            ),
            Confirm::ChangeProtection => (
                "保管庫の開け方を変えますか？",
                "これまでの開け方は使えなくなります。回復キーがあれば、そのまま使えます。",
                "変える",
            ),
            Confirm::RemoveSlot => (
                "この開け方を取り除きますか？",
                "取り除くと、この方法では保管庫を開けなくなります。",
                "取り除く",
            ),
            Confirm::ReplaceKey => (
                "保管庫の鍵を取り替えますか？",
                "新しい回復キーを作ります。これまでの回復キーでは開けなくなります。",
                "取り替える",
            ),
            Confirm::Destroy => (
                "保管庫を完全に削除しますか？",
                "画像、プロンプト、鍵をすべて消します。元に戻すことはできません。",
                "完全に削除",
            ),
            Confirm::DeleteAccount => (
                "アカウントを削除しますか？",
                "サービスにあるアカウントの記録を消します。元に戻すことはできません。このコンピュータの保管庫はそのまま残ります。",
                "アカウントを削除",
            ),
            Confirm::ClearLedger => (
                "通信の記録を消去しますか？",
                "消去した記録は元に戻せません。消去したことは画面に残ります。",
                "消去する",
            ),
            Confirm::UseService(address) => {
                return Self {
                    title: "アカウントのサービスを変えますか？",
                    text: format!("これからはアカウントについて、次のサービスと通信します。\n\n{address}")
                        .into(),
                    accept: "このサービスを使う",
                    cancel: "キャンセル",
                };
            }
        };
        Self { title, text: text.into(), accept, cancel: "キャンセル" }
    }

    fn en(what: &Confirm) -> Self {
        let (title, text, accept) = match what {
            Confirm::NewRecovery => (
                "Make a new recovery key?",
                "An earlier recovery key will no longer open the vault.",
                "Make a new key",
            ),
            Confirm::ChangeProtection => (
                "Change how the vault opens?",
                "The present way in will no longer work. A recovery key still does.",
                "Change",
            ),
            Confirm::RemoveSlot => ("Remove this way in?", "It will no longer open the vault.", "Remove"),
            Confirm::ReplaceKey => (
                "Replace the vault’s key?",
                "A new recovery key is made. The present one will no longer open the vault.",
                "Replace",
            ),
            Confirm::Destroy => (
                "Destroy the vault?",
                "Its pictures, prompts and keys are erased. This can’t be undone.",
                "Destroy",
            ),
            Confirm::DeleteAccount => (
                "Delete the account?",
                "The service erases its record of you. This can’t be undone. The vault on this computer stays.",
                "Delete the account",
            ),
            Confirm::ClearLedger => (
                "Clear lines of the ledger?",
                "They go for good. That they were cleared stays to be seen.",
                "Clear",
            ),
            Confirm::UseService(address) => {
                return Self {
                    title: "Change the account service?",
                    text: format!(
                        "From now on this computer speaks to this service about the account:\n\n{address}"
                    )
                    .into(),
                    accept: "Use this service",
                    cancel: "Cancel",
                };
            }
        };
        Self { title, text: text.into(), accept, cancel: "Cancel" }
    }
}

#[cfg(target_os = "linux")]
thread_local! {
    /// Questions that stand open: they live on the window's thread.
    static OPEN: RefCell<Vec<(Confirm, gtk::glib::WeakRef<gtk::MessageDialog>)>> = const { RefCell::new(Vec::new()) };
}

/// The vault was locked: what needs it open is not asked any more, and was not allowed. Only on the window's thread.
#[cfg(target_os = "linux")]
pub(crate) fn dismiss() {
    use gtk::prelude::DialogExt as _;
    let open = OPEN.with_borrow(Vec::clone);
    let lapsed = open.iter().filter(|(what, _)| *what != Confirm::Destroy);
    for dialog in lapsed.filter_map(|(_, dialog)| dialog.upgrade()) {
        dialog.response(gtk::ResponseType::Cancel);
    }
}

/// The system's own questions can't be taken back; the answer comes too late to do anything.
#[cfg(not(target_os = "linux"))]
pub(crate) fn dismiss() {}

/// Asks over the window. Only on the window's thread; the answer comes later.
#[cfg(target_os = "linux")]
pub(super) fn show(app: &AppHandle, what: Confirm, language: Language, answer: SyncSender<bool>) {
    use gtk::prelude::{DialogExt as _, GtkWindowExt as _, ObjectExt as _, WidgetExt as _};
    let words = Words::of(&what, language);
    let window = crate::window::front(app).and_then(|window| window.gtk_window().ok());
    let dialog = gtk::MessageDialog::new(
        window.as_ref(),
        gtk::DialogFlags::MODAL | gtk::DialogFlags::DESTROY_WITH_PARENT,
        gtk::MessageType::Warning,
        gtk::ButtonsType::None,
        words.title,
    );
    dialog.set_property("secondary-text", words.text.as_ref());
    dialog.set_title("Z-Image");
    dialog.add_button(words.cancel, gtk::ResponseType::Cancel);
    dialog.add_button(words.accept, gtk::ResponseType::Accept);
    dialog.set_default_response(gtk::ResponseType::Cancel);
    dialog.connect_response(move |dialog, response| {
        // Who asked may have gone.
        let _ = answer.try_send(response == gtk::ResponseType::Accept);
        dialog.close();
    });
    OPEN.with_borrow_mut(|open| {
        open.retain(|(_, one)| one.upgrade().is_some());
        open.push((what, dialog.downgrade()));
    });
    dialog.show_all();
}

/// Asks over the window; the answer comes later.
#[cfg(not(target_os = "linux"))]
pub(super) fn show(app: &AppHandle, what: Confirm, language: Language, answer: SyncSender<bool>) {
    use rfd::{AsyncMessageDialog, MessageButtons, MessageDialogResult, MessageLevel};
    let words = Words::of(&what, language);
    let accept = words.accept.to_owned();
    let mut dialog = AsyncMessageDialog::new()
        .set_level(MessageLevel::Warning)
        .set_title(words.title)
        .set_description(words.text.as_ref())
        // Enter answers with the first, as it does on Linux: nothing is destroyed by a key that was meant for something else.
        .set_buttons(MessageButtons::OkCancelCustom(words.cancel.to_owned(), accept.clone()));
    if let Some(window) = crate::window::front(app) {
        dialog = dialog.set_parent(&window);
    }
    let asking = dialog.show();
    tauri::async_runtime::spawn(async move {
        let yes = asking.await == MessageDialogResult::Custom(accept);
        // Who asked may have gone.
        let _ = answer.try_send(yes);
    });
}
