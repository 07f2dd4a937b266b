//! Stands between a program and the calls of libc that change files.
//!
//! Each function here has the name of libc's; the loader gives the program the one it finds first. The work itself is
//! done by system calls, so that libc's own function need not be looked for.
//!
//! **Invariant:** nothing here panics, and `errno` is what the call itself set.
#![allow(unsafe_code, clippy::missing_safety_doc, missing_docs, non_snake_case)]

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use libc::{c_char, c_int, c_long, c_uint, c_void, iovec, mode_t, off_t, size_t, ssize_t};

use crate::log::Record;
use crate::place::{Place, identity};
use crate::plan::{ACT, BELOW, REPORT};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Once,
    From,
    Short,
    Slow,
    Log,
}

struct Plan {
    below: PathBuf,
    kind: Kind,
    at: u64,
    errno: c_int,
    report: c_int,
    calls: Mutex<u64>,
}

/// What is to happen to one call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Pass,
    Fail(c_int),
    Short,
}

fn plan() -> Option<&'static Plan> {
    static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
    PLAN.get_or_init(Plan::of_environment).as_ref()
}

impl Plan {
    fn of_environment() -> Option<Self> {
        let below = PathBuf::from(std::env::var_os(BELOW)?);
        let act = std::env::var(ACT).ok()?;
        let mut words = act.split(' ');
        let kind = match words.next()? {
            "once" => Kind::Once,
            "from" => Kind::From,
            "short" => Kind::Short,
            "slow" => Kind::Slow,
            "log" => Kind::Log,
            _ => return None,
        };
        let at = words.next()?.parse().ok()?;
        let errno = words.next()?.parse().ok()?;
        let name = CString::new(std::env::var_os(REPORT)?.as_bytes()).ok()?;
        let flags = libc::O_WRONLY | libc::O_CREAT | libc::O_APPEND | libc::O_CLOEXEC;
        // SAFETY: `name` ends with zero and lives until after the call.
        let report = unsafe { libc::syscall(libc::SYS_openat, libc::AT_FDCWD, name.as_ptr(), flags, 0o600) };
        let report = c_int::try_from(report).ok().filter(|fd| *fd >= 0)?;
        Some(Self { below, kind, at, errno, report, calls: Mutex::new(0) })
    }

    fn verdict(&self, n: u64, writes: bool) -> Verdict {
        match self.kind {
            Kind::Once if n == self.at => Verdict::Fail(self.errno),
            Kind::From if n >= self.at => Verdict::Fail(self.errno),
            Kind::Short if n == self.at && writes => Verdict::Short,
            _ => Verdict::Pass,
        }
    }

    fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.below).unwrap_or(path).to_string_lossy().into_owned()
    }

    fn tell(&self, bytes: &[u8]) {
        // SAFETY: the pointer and the length are those of one slice.
        unsafe { libc::syscall(libc::SYS_write, self.report, bytes.as_ptr(), bytes.len()) };
    }
}

/// Reads or sets the calling thread's error number.
fn errno() -> *mut c_int {
    // SAFETY: always gives the address of the thread's own number.
    unsafe { libc::__errno_location() }
}

/// Carries one call out, or not. `call` is told whether to take only half; `record` makes its line of the log from
/// what it answered and the names' beginning.
fn change(
    name: &str,
    place: Place,
    call: impl FnOnce(bool) -> c_long,
    record: impl FnOnce(&Plan, String, c_long) -> Option<Record>,
) -> c_long {
    let Some(plan) = plan() else { return call(false) };
    // SAFETY: the address of the thread's own number, see above.
    let before = unsafe { *errno() };
    let path = place.path().filter(|path| path.starts_with(&plan.below));
    // SAFETY: as above.
    unsafe { *errno() = before };
    let Some(path) = path else { return call(false) };
    // Held over the call: the log is in the order of the calls.
    let mut calls = plan.calls.lock().unwrap_or_else(PoisonError::into_inner);
    *calls += 1;
    let verdict = plan.verdict(*calls, name.contains("write"));
    if verdict != Verdict::Pass && *calls == plan.at {
        plan.tell(format!("{} {name} {}\n", *calls, plan.name(&path)).as_bytes());
    }
    if let Verdict::Fail(number) = verdict {
        // SAFETY: as above.
        unsafe { *errno() = number };
        return -1;
    }
    if plan.kind == Kind::Slow {
        std::thread::sleep(std::time::Duration::from_millis(plan.at));
    }
    let answer = call(verdict == Verdict::Short);
    if plan.kind == Kind::Log && answer >= 0 {
        // SAFETY: as above.
        let after = unsafe { *errno() };
        if let Some(record) = record(plan, plan.name(&path), answer) {
            plan.tell(&record.to_bytes());
        }
        // SAFETY: as above.
        unsafe { *errno() = after };
    }
    answer
}

// ---- making files ----

fn open_at(folder: c_int, name: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the arguments are the caller's own.
    let open = || unsafe { libc::syscall(libc::SYS_openat, folder, name, flags, mode) };
    let may_write = libc::O_CREAT | libc::O_TRUNC | libc::O_WRONLY | libc::O_RDWR;
    if flags & may_write == 0 || flags & libc::O_TMPFILE == libc::O_TMPFILE {
        return open() as c_int;
    }
    let place = Place::Name(folder, name);
    let existed = plan().is_some() && place.path().is_some_and(|path| path.exists());
    let record = |plan: &Plan, name: String, fd: c_long| {
        let (file, _) = identity(fd as c_int)?;
        if !existed {
            return Some(Record::Create(file, name));
        }
        (plan.kind == Kind::Log && flags & libc::O_TRUNC != 0).then_some(Record::Resize(file, 0))
    };
    change("open", place, |_| open(), record) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(name: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    open_at(libc::AT_FDCWD, name, flags, mode)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(name: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    open_at(libc::AT_FDCWD, name, flags, mode)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat(folder: c_int, name: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    open_at(folder, name, flags, mode)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat64(folder: c_int, name: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    open_at(folder, name, flags, mode)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdir(name: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: the arguments are the caller's own.
    let call = |_| unsafe { libc::syscall(libc::SYS_mkdirat, libc::AT_FDCWD, name, mode) };
    let record = |_: &Plan, name, _| Some(Record::Folder(name));
    change("mkdir", Place::Name(libc::AT_FDCWD, name), call, record) as c_int
}

// ---- writing ----

fn half(length: size_t, short: bool) -> size_t {
    if short { length / 2 } else { length }
}

/// What was written, and where: the place is asked for afterwards, when it is behind the bytes.
fn written(fd: c_int, place: Option<off_t>, bytes: &[u8]) -> Option<Record> {
    let (file, _) = identity(fd)?;
    let place = place.unwrap_or_else(|| {
        // SAFETY: asks for a number only.
        let end = unsafe { libc::lseek(fd, 0, libc::SEEK_CUR) };
        end - off_t::try_from(bytes.len()).unwrap_or(end)
    });
    Some(Record::Write(file, u64::try_from(place).ok()?, bytes.to_vec()))
}

fn slice<'a>(bytes: *const c_void, length: c_long) -> &'a [u8] {
    // SAFETY: the system has just read that many bytes there for the caller, who waits for our answer.
    unsafe { std::slice::from_raw_parts(bytes.cast(), usize::try_from(length).unwrap_or(0)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, bytes: *const c_void, length: size_t) -> ssize_t {
    // SAFETY: the arguments are the caller's own, or less of them.
    let call = |short| unsafe { libc::syscall(libc::SYS_write, fd, bytes, half(length, short)) };
    let record = |_: &Plan, _, done| written(fd, None, slice(bytes, done));
    change("write", Place::File(fd), call, record) as ssize_t
}

fn write_at(fd: c_int, bytes: *const c_void, length: size_t, place: off_t) -> ssize_t {
    // SAFETY: the arguments are the caller's own, or less of them.
    let call = |short| unsafe { libc::syscall(libc::SYS_pwrite64, fd, bytes, half(length, short), place) };
    let record = |_: &Plan, _, done| written(fd, Some(place), slice(bytes, done));
    change("pwrite", Place::File(fd), call, record) as ssize_t
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite(fd: c_int, bytes: *const c_void, length: size_t, place: off_t) -> ssize_t {
    write_at(fd, bytes, length, place)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite64(fd: c_int, bytes: *const c_void, length: size_t, place: off_t) -> ssize_t {
    write_at(fd, bytes, length, place)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn writev(fd: c_int, pieces: *const iovec, count: c_int) -> ssize_t {
    let place = Place::File(fd);
    let call = |short: bool| {
        let count = if short { count.min(1) } else { count };
        // SAFETY: the arguments are the caller's own, or less of them.
        unsafe { libc::syscall(libc::SYS_writev, fd, pieces, count) }
    };
    let record = |_: &Plan, _, done: c_long| {
        // SAFETY: the system has just read so many pieces there.
        let pieces = unsafe { std::slice::from_raw_parts(pieces, usize::try_from(count).unwrap_or(0)) };
        let all = pieces.iter().flat_map(|piece| slice(piece.iov_base, piece.iov_len as c_long));
        let bytes: Vec<u8> = all.copied().take(usize::try_from(done).unwrap_or(0)).collect();
        written(fd, None, &bytes)
    };
    change("writev", place, call, record) as ssize_t
}

/// Copies inside the system would go past the functions above: whoever asks is told to write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn copy_file_range(
    from: c_int,
    from_place: *mut off_t,
    to: c_int,
    to_place: *mut off_t,
    length: size_t,
    flags: c_uint,
) -> ssize_t {
    if plan().is_some() {
        // SAFETY: the address of the thread's own number.
        unsafe { *errno() = libc::ENOSYS };
        return -1;
    }
    // SAFETY: the arguments are the caller's own.
    let answer =
        unsafe { libc::syscall(libc::SYS_copy_file_range, from, from_place, to, to_place, length, flags) };
    answer as ssize_t
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn sendfile64(to: c_int, from: c_int, place: *mut off_t, length: size_t) -> ssize_t {
    if plan().is_some() {
        // SAFETY: the address of the thread's own number.
        unsafe { *errno() = libc::ENOSYS };
        return -1;
    }
    // SAFETY: the arguments are the caller's own.
    unsafe { libc::syscall(libc::SYS_sendfile, to, from, place, length) as ssize_t }
}

// ---- length ----

fn resize(fd: c_int, length: off_t) -> c_int {
    // SAFETY: the arguments are the caller's own.
    let call = |_| unsafe { libc::syscall(libc::SYS_ftruncate, fd, length) };
    let record = |_: &Plan, _, _| Some(Record::Resize(identity(fd)?.0, u64::try_from(length).ok()?));
    change("ftruncate", Place::File(fd), call, record) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate(fd: c_int, length: off_t) -> c_int {
    resize(fd, length)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate64(fd: c_int, length: off_t) -> c_int {
    resize(fd, length)
}

fn allocate(fd: c_int, mode: c_int, place: off_t, length: off_t) -> c_int {
    // SAFETY: the arguments are the caller's own.
    let call = |_| unsafe { libc::syscall(libc::SYS_fallocate, fd, mode, place, length) };
    let record = |_: &Plan, _, _| Some(Record::Resize(identity(fd)?.0, u64::try_from(place + length).ok()?));
    change("fallocate", Place::File(fd), call, record) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fallocate(fd: c_int, mode: c_int, place: off_t, length: off_t) -> c_int {
    allocate(fd, mode, place, length)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fallocate64(fd: c_int, mode: c_int, place: off_t, length: off_t) -> c_int {
    allocate(fd, mode, place, length)
}

// ---- making durable ----

fn sync(fd: c_int) -> c_int {
    let Some(plan) = plan() else {
        // SAFETY: the argument is the caller's own.
        return unsafe { libc::syscall(libc::SYS_fsync, fd) } as c_int;
    };
    let ours = Place::File(fd).path().is_some_and(|path| path.starts_with(&plan.below));
    // What is below the folder is thrown away after the test: it need not outlive a power cut.
    // SAFETY: the argument is the caller's own.
    let call = |_| if ours { 0 } else { unsafe { libc::syscall(libc::SYS_fsync, fd) } };
    let record = |_: &Plan, name, _| {
        let (file, is_folder) = identity(fd)?;
        Some(if is_folder { Record::SyncFolder(name) } else { Record::Sync(file) })
    };
    change("fsync", Place::File(fd), call, record) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fsync(fd: c_int) -> c_int {
    sync(fd)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdatasync(fd: c_int) -> c_int {
    sync(fd)
}

// ---- names ----

/// The second name of a call, as it stands in the log.
fn second(plan: &Plan, folder: c_int, name: *const c_char) -> Option<String> {
    Some(plan.name(&Place::Name(folder, name).path()?))
}

fn rename_at(from_folder: c_int, from: *const c_char, to_folder: c_int, to: *const c_char) -> c_int {
    // SAFETY: the arguments are the caller's own.
    let call = |_| unsafe { libc::syscall(libc::SYS_renameat2, from_folder, from, to_folder, to, 0) };
    let record = |plan: &Plan, name, _| Some(Record::Rename(name, second(plan, to_folder, to)?));
    change("rename", Place::Name(from_folder, from), call, record) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    rename_at(libc::AT_FDCWD, from, libc::AT_FDCWD, to)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn renameat(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
) -> c_int {
    rename_at(from_folder, from, to_folder, to)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn linkat(
    from_folder: c_int,
    from: *const c_char,
    to_folder: c_int,
    to: *const c_char,
    flags: c_int,
) -> c_int {
    // SAFETY: the arguments are the caller's own.
    let call = |_| unsafe { libc::syscall(libc::SYS_linkat, from_folder, from, to_folder, to, flags) };
    let record = |plan: &Plan, name, _| Some(Record::Link(name, second(plan, to_folder, to)?));
    change("link", Place::Name(from_folder, from), call, record) as c_int
}

fn unlink_at(folder: c_int, name: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the arguments are the caller's own.
    let call = |_| unsafe { libc::syscall(libc::SYS_unlinkat, folder, name, flags) };
    let place = Place::Name(folder, name);
    if plan().is_some() && place.path().is_none_or(|path| path.symlink_metadata().is_err()) {
        // Nothing is there to be changed.
        return call(false) as c_int;
    }
    let record = |_: &Plan, name, _| Some(Record::Unlink(name));
    change("unlink", place, call, record) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlink(name: *const c_char) -> c_int {
    unlink_at(libc::AT_FDCWD, name, 0)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlinkat(folder: c_int, name: *const c_char, flags: c_int) -> c_int {
    unlink_at(folder, name, flags)
}
