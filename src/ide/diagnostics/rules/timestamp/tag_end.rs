//! What is missing of a tag whose end is garbled.

use crate::syntax::read_clock;

/// Returns what is missing of a tag: the place in it, how many bytes there go, and what comes instead. `None`
/// if that is uncertain.
///
/// ```text
/// <a class="yt-timestamp" data-t="00:01:55]-[00:02:10]</a>      ">[00:01:55  comes behind the clock
/// <a class="yt-timestamp" data-t="00:01:55</a>                  ">[00:01:55]
/// <a class="yt-timestamp" data-t="00:01:55[00:01:55]</a>        ">
/// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a)      ]</a>  instead of  ]</a)
/// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]>         ]</a>  instead of  ]>
/// <a class="yt-timestamp" data-t="00:01:55">00:01:55>           </a>  instead of  >
/// ```
pub(super) fn missing_end(tag: &str, is_wrapped: bool) -> Option<(usize, usize, String)> {
    let value = tag.find("data-t=")? + "data-t=".len();
    let quote = tag.get(value..)?.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    let start = value + quote.len_utf8();
    let clock = clock_at(tag, start)?;
    let after = start + clock.len();
    let rest = tag.get(after..)?;
    if let Some(label) = rest.strip_prefix(quote).and_then(|rest| rest.strip_prefix('>')) {
        let is_bracketed = label.starts_with('[');
        let shown = clock_at(label, usize::from(is_bracketed))?;
        let label_end = after + 2 + usize::from(is_bracketed) + shown.len();
        let behind = tag.get(label_end..)?;
        let garbled = garbled_end(behind);
        let rest = behind.get(garbled..)?;
        let ends_cleanly = rest.is_empty()
            || rest.starts_with(|char: char| !char.is_alphanumeric() && char != '<')
            || !rest.contains('<');
        let close = match (is_bracketed, behind.get(..garbled)?) {
            (true, end) if !end.starts_with(']') => return None,
            (true, end) if is_wrapped && end.ends_with(')') => "]</a>)",
            (true, _) => "]</a>",
            // Without brackets, only a `>` shows where the label ends.
            (false, ">") => "</a>",
            (false, _) => return None,
        };
        return ends_cleanly.then(|| (label_end, garbled, close.to_owned()));
    }
    let missing = match rest {
        "</a>" => format!("{quote}>[{clock}]"),
        _ if rest.starts_with("]-[") || rest.starts_with("] - [") || rest.starts_with("]–[") => {
            format!("{quote}>[{clock}")
        }
        _ if rest.starts_with('[') => format!("{quote}>"),
        _ if rest.starts_with('>') => quote.to_string(),
        _ => {
            let label = rest.strip_prefix(quote)?.strip_prefix('[')?;
            return clock_at(label, 0).map(|_| (after + quote.len_utf8(), 0, ">".to_owned()));
        }
    };
    Some((after, 0, missing))
}

/// Returns how many bytes behind a clock are a garbled end of the label and the tag: `]`, `]</a)`, `]>`,
/// `]}}]`, `]</sup>`.
fn garbled_end(text: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += if rest.starts_with([']', '}', '>']) {
            1
        } else if rest.starts_with("</") {
            let name = rest.bytes().skip(2).take_while(u8::is_ascii_alphanumeric).count();
            // The `)` of `</a)` stands for the `>`.
            2 + name + usize::from(rest.as_bytes().get(2 + name).is_some_and(|end| b">)".contains(end)))
        } else {
            break;
        };
    }
    at
}

/// Returns the clock that starts at a place: `00:01:55` or `1:55`.
fn clock_at(text: &str, start: usize) -> Option<&str> {
    let rest = text.get(start..)?;
    let end = rest.find(|char: char| !char.is_ascii_digit() && char != ':').unwrap_or(rest.len());
    let clock = rest.get(..end)?;
    read_clock(clock).moment().map(|_| clock)
}
