//! What is missing of a tag whose end is garbled.

use crate::syntax::read_clock;

/// Returns what is missing of a tag: the place in it, how many bytes there go, and what comes instead. `None`
/// if that is uncertain.
///
/// ```text
/// <a class="yt-timestamp" data-t="00:01:55]-[00:02:10]</a>      ">[00:01:55  comes behind the clock
/// <a class="yt-timestamp" data-t="00:01:55</a>                  ">[00:01:55]
/// <a class="yt-timestamp" data-t="00:01:55[00:01:55]</a>        ">
/// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a)      </a>  instead of  </a)
/// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]          </a>  at the end
/// ```
pub(super) fn missing_end(tag: &str, is_wrapped: bool) -> Option<(usize, usize, String)> {
    let value = tag.find("data-t=")? + "data-t=".len();
    let quote = tag.get(value..)?.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    let start = value + quote.len_utf8();
    let clock = clock_at(tag, start)?;
    let after = start + clock.len();
    let rest = tag.get(after..)?;
    if let Some(label) = rest.strip_prefix(quote).and_then(|rest| rest.strip_prefix('>')) {
        let shown = clock_at(label, 1).filter(|_| label.starts_with('['))?;
        let end = after + 2 + 1 + shown.len();
        let behind = tag.get(end..)?.strip_prefix(']')?;
        let close = if is_wrapped { "</a>)" } else { "</a>" };
        return match behind {
            "" => Some((end + 1, 0, "</a>".to_owned())),
            "</a)" | "</a" => Some((end + 1, behind.len(), close.to_owned())),
            _ if behind.starts_with(|char: char| !char.is_alphanumeric() && char != '<')
                || !behind.contains('<') =>
            {
                Some((end + 1, 0, "</a>".to_owned()))
            }
            _ => None,
        };
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

/// Returns the clock that starts at a place: `00:01:55` or `1:55`.
fn clock_at(text: &str, start: usize) -> Option<&str> {
    let rest = text.get(start..)?;
    let end = rest.find(|char: char| !char.is_ascii_digit() && char != ':').unwrap_or(rest.len());
    let clock = rest.get(..end)?;
    read_clock(clock).moment().map(|_| clock)
}
