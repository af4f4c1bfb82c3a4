//! JSON as text, indented for people. It is not read: what Postgres printed is JSON, and numbers stay as they are written.

/// Deeper levels are not indented any further: a text of brackets alone would become its own square.
const DEEPEST: usize = 32;

/// The same JSON with a line for each member.
pub fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let (mut quoted, mut escaped) = (false, false);
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            out.push(c);
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '{' | '[' => {
                out.push(c);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = chars.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => {
                quoted = c == '"';
                out.push(c);
            }
        }
    }
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(DEEPEST)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_get_lines_and_nothing_else_changes() {
        let json =
            r#"{"a": {}, "b": [1.10, 12345678901234567890], "c": "x, {\"y\": [\\", "d": [ ]}"#;
        let lines = [
            "{",
            r#"  "a": {},"#,
            r#"  "b": ["#,
            "    1.10,",
            "    12345678901234567890",
            "  ],",
            r#"  "c": "x, {\"y\": [\\","#,
            r#"  "d": []"#,
            "}",
        ];
        assert_eq!(indented(json), lines.join("\n"));
        assert_eq!(indented("null"), "null");
    }

    #[test]
    fn brackets_alone_do_not_grow_without_bound() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert!(indented(&deep).len() < 100 * deep.len());
    }
}
