//! A panic says where it happened and nothing of what it held: its message could carry a prompt or a path.

/// Sets it for every thread.
pub(crate) fn say_where_only() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", file_name(at.file()), at.line()));
        crate::say(&format!("Z-Image: internal error at {}", place.as_deref().unwrap_or("an unknown place")));
    }));
}

/// The source's path names folders of the computer it was built on.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn only_the_last_part_of_a_source_path_is_said() {
        assert_eq!(file_name("/home/someone/src/panic.rs"), "panic.rs");
        assert_eq!(file_name("C:\\src\\panic.rs"), "panic.rs");
    }
}
