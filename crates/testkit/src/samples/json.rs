//! JSON in the order and the spelling of the program that is imitated.

/// A value; objects keep their order.
#[derive(Debug, Clone)]
pub enum J {
    /// Text.
    S(String),
    /// Written as it stands: numbers with the digits a program prints, `NaN`, whole fixed blocks.
    Raw(String),
    /// Array.
    A(Vec<J>),
    /// Object.
    O(Vec<(String, J)>),
}

/// How a program writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `json.dumps`: a space after comma and colon, ASCII only.
    Python,
    /// `json.dumps(indent=2)`-like, ASCII only, as SwarmUI prints.
    Indented,
    /// No spaces, UTF-8.
    Compact,
    /// System.Text.Json: no spaces, ASCII only with capital digits, and quotes, ampersands and plus signs escaped.
    DotNet,
}

/// An object.
pub fn o<const N: usize>(fields: [(&str, J); N]) -> J {
    J::O(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A text.
pub fn s(text: &str) -> J {
    J::S(text.to_owned())
}

/// Anything that prints as it is to stand there.
pub fn n(number: impl ToString) -> J {
    J::Raw(number.to_string())
}

/// A number as Python prints a float.
pub fn float(number: f64) -> J {
    J::Raw(if number.fract() == 0.0 { format!("{number:.1}") } else { number.to_string() })
}

/// The output of a node of a graph.
pub fn link(node: &str, output: u32) -> J {
    J::A(vec![s(node), n(output)])
}

impl J {
    /// The text of the whole value.
    pub fn text(&self, style: Style) -> String {
        let mut out = String::new();
        self.write(style, 0, &mut out);
        out
    }

    fn write(&self, style: Style, depth: usize, out: &mut String) {
        match self {
            Self::S(text) => quote(text, style, out),
            Self::Raw(text) => out.push_str(text),
            Self::A(values) => list(values.len(), ('[', ']'), style, depth, out, |at, out| {
                values[at].write(style, depth + 1, out);
            }),
            Self::O(fields) => list(fields.len(), ('{', '}'), style, depth, out, |at, out| {
                let (name, value) = &fields[at];
                quote(name, style, out);
                out.push_str(if matches!(style, Style::Python | Style::Indented) { ": " } else { ":" });
                value.write(style, depth + 1, out);
            }),
        }
    }
}

fn list(
    count: usize,
    brackets: (char, char),
    style: Style,
    depth: usize,
    out: &mut String,
    mut item: impl FnMut(usize, &mut String),
) {
    let newline = |depth: usize, out: &mut String| {
        if style == Style::Indented && count > 0 {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
    };
    out.push(brackets.0);
    for at in 0..count {
        if at > 0 {
            out.push_str(if style == Style::Python { ", " } else { "," });
        }
        newline(depth + 1, out);
        item(at, out);
    }
    newline(depth, out);
    out.push(brackets.1);
}

fn quote(text: &str, style: Style, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' if style == Style::DotNet => out.push_str("\\u0022"),
            '&' | '\'' | '+' | '<' | '>' if style == Style::DotNet => {
                out.push_str(&format!("\\u{:04X}", c as u32))
            }
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c if c.is_ascii() || style == Style::Compact => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let digits = if style == Style::DotNet {
                        format!("\\u{unit:04X}")
                    } else {
                        format!("\\u{unit:04x}")
                    };
                    out.push_str(&digits);
                }
            }
        }
    }
    out.push('"');
}
