//! macOS tells an object, on the program's first thread, while that waits for events.
//! Source: Apple's pages about `NSWorkspace` and `NSDistributedNotificationCenter`. The name of the screen's lock stands
//! in none of them, and has been the same for many years.

use std::mem;
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use objc2::rc::Retained;
use objc2::runtime::NSObject;
use objc2::{AnyThread, DefinedClass, define_class, msg_send, sel};
use objc2_app_kit::{
    NSWorkspace, NSWorkspaceSessionDidResignActiveNotification, NSWorkspaceWillSleepNotification,
};
use objc2_foundation::{
    NSDistributedNotificationCenter, NSNotification, NSNotificationSuspensionBehavior, NSString,
};

use crate::Away;

/// As long as this the computer is kept from sleeping. It would wait for half a minute.
const A_MOMENT: Duration = Duration::from_secs(5);

/// Something to be done, and whom to tell when it is.
type Told = (Away, SyncSender<()>);

/// What is to be done may wait for work that needs the first thread, so it is done on another.
pub(crate) fn watch(on_away: impl Fn(Away) + Send + 'static) {
    let (tell, told) = channel::<Told>();
    let thread = thread::Builder::new().name("presence".to_owned());
    let doing = thread.spawn(move || {
        for (away, done) in told {
            on_away(away);
            // Who waited may have lost patience.
            let _ = done.try_send(());
        }
    });
    if doing.is_ok() {
        listen(tell);
    }
}

#[allow(unsafe_code, reason = "calls to the system")]
fn listen(tell: Sender<Told>) {
    let observer = Observer::new(tell);
    let workspace = NSWorkspace::sharedWorkspace().notificationCenter();
    // SAFETY: the observer has a method of each name, which takes the notification, and stays (see below); nobody's
    // object is named as the sender. The names are the system's constants.
    unsafe {
        let (sleeps, away) = (sel!(computerSleeps:), sel!(screenLocks:));
        workspace.addObserver_selector_name_object(
            &observer,
            sleeps,
            Some(NSWorkspaceWillSleepNotification),
            None,
        );
        // Another person's session is shown.
        let resigns = Some(NSWorkspaceSessionDidResignActiveNotification);
        workspace.addObserver_selector_name_object(&observer, away, resigns, None);
        // Otherwise a program that is not in front hears of it only when it is there again.
        let at_once = NSNotificationSuspensionBehavior::DeliverImmediately;
        NSDistributedNotificationCenter::defaultCenter().addObserver_selector_name_object_suspensionBehavior(
            &observer,
            away,
            Some(&NSString::from_str("com.apple.screenIsLocked")),
            None,
            at_once,
        );
    }
    // It listens as long as the program runs, and who tells it does not hold it.
    mem::forget(observer);
}

define_class!(
    // SAFETY: `NSObject` asks nothing of those who inherit from it, and nothing is done when it goes.
    #[unsafe(super(NSObject))]
    #[name = "ZImagePresence"]
    #[ivars = Sender<Told>]
    struct Observer;

    #[allow(unsafe_code, reason = "the system calls them")]
    impl Observer {
        #[unsafe(method(computerSleeps:))]
        fn computer_sleeps(&self, _: &NSNotification) {
            let (done, wait) = sync_channel(1);
            if self.ivars().send((Away::Sleeps, done)).is_ok() {
                // The computer sleeps when this returns.
                let _ = wait.recv_timeout(A_MOMENT);
            }
        }

        #[unsafe(method(screenLocks:))]
        fn screen_locks(&self, _: &NSNotification) {
            let (done, _) = sync_channel(1);
            // There is nobody to tell where the thread has ended.
            let _ = self.ivars().send((Away::ScreenLocked, done));
        }
    }
);

impl Observer {
    #[allow(unsafe_code, reason = "a call into Objective-C")]
    fn new(tell: Sender<Told>) -> Retained<Self> {
        let this = Self::alloc().set_ivars(tell);
        // SAFETY: it is `NSObject`'s own `init`, and called once.
        unsafe { msg_send![super(this), init] }
    }
}
