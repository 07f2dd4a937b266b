//! Any text as the settings that a PNG's `parameters`, `prompt` and `workflow` chunks hold.
#![no_main]

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    // The reader looks at no checksum of a text chunk, so that the fuzzer need not find one.
    [&length.to_be_bytes()[..], kind, data, &[0; 4]].concat()
}

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    for key in ["parameters", "prompt", "workflow", "invokeai_metadata", "Comment", "generation_data"] {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        file.extend(chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]));
        file.extend(chunk(b"tEXt", &[key.as_bytes(), b"\0", text].concat()));
        file.extend(chunk(b"IEND", b""));
        if let Some(recipe) = metadata::read(&file, None).recipe {
            let _ = metadata::parse_a1111(&metadata::write_a1111(&recipe));
        }
    }
});
