//! Windows tells a window. This one is never shown and has a thread of its own, so that nobody who is busy keeps it
//! waiting; a window for messages only would not be told of sleep by every version.
//! Source: the pages of Microsoft about `WTSRegisterSessionNotification`, `WM_WTSSESSION_CHANGE`,
//! `RegisterSuspendResumeNotification` and `WM_POWERBROADCAST`.

use std::cell::OnceCell;
use std::ptr;
use std::thread;

use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Power::RegisterSuspendResumeNotification;
use windows_sys::Win32::System::RemoteDesktop::{NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DEVICE_NOTIFY_WINDOW_HANDLE, DefWindowProcW, DispatchMessageW, GetMessageW, MSG,
    PBT_APMSUSPEND, RegisterClassW, WM_CLOSE, WM_POWERBROADCAST, WM_WTSSESSION_CHANGE, WNDCLASSW,
    WS_EX_TOOLWINDOW, WS_OVERLAPPED, WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK,
};
use windows_sys::core::PCWSTR;
use windows_sys::w;

use crate::Away;

/// Name of the window's class, which no other part of the program has.
const CLASS: PCWSTR = w!("Z-Image presence");

thread_local! {
    /// Who is told by the window of this thread.
    static ON_AWAY: OnceCell<Box<dyn Fn(Away)>> = const { OnceCell::new() };
}

/// Without a window or a thread nothing is heard.
pub(crate) fn watch(on_away: impl Fn(Away) + Send + 'static) {
    let thread = thread::Builder::new().name("presence".to_owned());
    let _ = thread.spawn(move || {
        if open(on_away).is_some() {
            serve();
        }
    });
}

/// Opens the window of this thread and has it told.
#[allow(unsafe_code, reason = "calls to the system")]
fn open(on_away: impl Fn(Away) + 'static) -> Option<HWND> {
    ON_AWAY.with(|told| told.set(Box::new(on_away))).ok()?;
    // SAFETY: the class and its name live as long as the program, and what it calls has the form that is asked for. The
    // window belongs to this thread and stays; a registration that fails leaves it as it was.
    let window = unsafe {
        let program = GetModuleHandleW(ptr::null());
        let class = WNDCLASSW {
            lpfnWndProc: Some(hear),
            hInstance: program,
            lpszClassName: CLASS,
            ..WNDCLASSW::default()
        };
        RegisterClassW(&class);
        let (parent, menu) = (ptr::null_mut(), ptr::null_mut());
        let (kind, style) = (WS_EX_TOOLWINDOW, WS_OVERLAPPED);
        CreateWindowExW(kind, CLASS, ptr::null(), style, 0, 0, 0, 0, parent, menu, program, ptr::null())
    };
    if window.is_null() {
        return None;
    }
    // SAFETY: the window is there, and told until the program ends. Either may be refused, the other counts all the same.
    unsafe {
        WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION);
        // Computers with Modern Standby tell only who asked; others tell twice, and the second time finds nothing to do.
        RegisterSuspendResumeNotification(window, DEVICE_NOTIFY_WINDOW_HANDLE);
    }
    Some(window)
}

/// Waits for what this thread's windows are told, as long as the program runs.
#[allow(unsafe_code, reason = "calls to the system")]
fn serve() {
    let mut message = MSG::default();
    // SAFETY: the message is written by the first call and read by the second.
    unsafe {
        while GetMessageW(&raw mut message, ptr::null_mut(), 0, 0) > 0 {
            DispatchMessageW(&raw const message);
        }
    }
}

/// The window is told something; the system waits for the return, about two seconds where it goes to sleep.
#[allow(unsafe_code, reason = "the system calls it")]
unsafe extern "system" fn hear(window: HWND, message: u32, what: WPARAM, more: LPARAM) -> LRESULT {
    if let Some(away) = meaning(message, what) {
        ON_AWAY.with(|told| {
            if let Some(on_away) = told.get() {
                on_away(away);
            }
        });
    }
    // Who asks the program's windows to close means those that a person sees; this one listens to the end.
    if message == WM_CLOSE {
        return 0;
    }
    // SAFETY: handed on as it came.
    unsafe { DefWindowProcW(window, message, what, more) }
}

fn meaning(message: u32, what: WPARAM) -> Option<Away> {
    match (message, u32::try_from(what).ok()?) {
        (WM_POWERBROADCAST, PBT_APMSUSPEND) => Some(Away::Sleeps),
        // The others: another person's session is shown, or nobody looks from afar any more.
        (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK | WTS_CONSOLE_DISCONNECT | WTS_REMOTE_DISCONNECT) => {
            Some(Away::ScreenLocked)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use windows_sys::Win32::UI::WindowsAndMessaging::{
        IsWindow, IsWindowVisible, PBT_APMRESUMEAUTOMATIC, SendMessageW, WTS_SESSION_UNLOCK,
    };

    use super::*;

    #[test]
    #[allow(unsafe_code, reason = "calls to the system")]
    fn the_window_hears_of_sleep_and_of_locks_and_stays_hidden_and_open() {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let here = Rc::clone(&heard);
        let window = open(move |away| here.borrow_mut().push(away)).unwrap();
        // SAFETY: the window is this thread's own.
        let tell = |message, what: u32| unsafe { SendMessageW(window, message, what as WPARAM, 0) };
        for (message, what, expected) in [
            (WM_POWERBROADCAST, PBT_APMSUSPEND, Some(Away::Sleeps)),
            (WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC, None),
            (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK, Some(Away::ScreenLocked)),
            (WM_WTSSESSION_CHANGE, WTS_SESSION_UNLOCK, None),
            (WM_WTSSESSION_CHANGE, WTS_CONSOLE_DISCONNECT, Some(Away::ScreenLocked)),
            (WM_WTSSESSION_CHANGE, WTS_REMOTE_DISCONNECT, Some(Away::ScreenLocked)),
            (WM_CLOSE, 0, None),
        ] {
            tell(message, what);
            assert_eq!(heard.borrow_mut().pop(), expected, "{message:#x} {what}");
        }
        // SAFETY: as above.
        let (there, seen) = unsafe { (IsWindow(window), IsWindowVisible(window)) };
        assert_eq!((there, seen), (1, 0));
    }
}
