//! `docs/settings.md`, made of the definitions of the settings so that it is never behind them.

use crate::config::{Kind, OFF, SETTING_SPECS, Severity};
use crate::ide::DIAGNOSTIC_CODES;

const INTRODUCTION: &str = "\
<!-- Written by vaultls from its own definitions of the settings. -->

# Settings

Settings come from several places. Later ones override earlier ones, setting by setting:

1. the defaults on this page,
2. what Obsidian knows already, if the vault has an `.obsidian` folder: its excluded files become `files.ignore`,
   and the form of its new links becomes `completion.path`; where new
   notes go, its folder of templates and its daily notes,
3. `.vaultls.toml` at the root of the vault,
4. the editor's settings under `vaultls`.

All of them are live: a change counts at once, without a restart. What means nothing, a misspelled key or a value that
cannot be, is shown where it stands, and the earlier value stays.

In `.vaultls.toml`:

```toml
[files]
ignore = [\"templates/\"]

[diagnostics]
scope = \"vault\"

[diagnostics.severity]
\"link/inexact\" = \"warning\"
timestamp = \"hint\"
```

In the editor, as nested objects or with dotted keys:

```json
{ \"vaultls.files.ignore\": [\"templates/\"], \"vaultls.diagnostics.scope\": \"vault\" }
```

A list replaces the list of an earlier place; the entries of a table override one by one.
";

/// The page, in Markdown.
fn settings_page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for definition in SETTING_SPECS {
        page.push_str(&format!("\n## `{}`\n\n{}\n\n", definition.key, definition.doc));
        match definition.kind {
            Kind::Integer { min, max, default, .. } => {
                page.push_str(&format!("A whole number from {min} to {max}. Default: `{default}`.\n"));
            }
            Kind::Switch { default, .. } => {
                page.push_str(&format!("`true` or `false`. Default: `{default}`.\n"));
            }
            Kind::Text { default: "", .. } => page.push_str("A text; empty by default.\n"),
            Kind::Text { default, .. } => page.push_str(&format!("A text. Default: `{default}`.\n")),
            Kind::Choice(choices) => {
                page.push_str("| value | meaning |\n|---|---|\n");
                for (index, choice) in choices.iter().enumerate() {
                    let default = if index == 0 { " (default)" } else { "" };
                    page.push_str(&format!("| `{}`{default} | {} |\n", choice.name, choice.doc));
                }
            }
            Kind::Texts { .. } => page.push_str("A list of texts. Default: empty.\n"),
            Kind::Severities => page.push_str(&severities()),
        }
    }
    page
}

fn severities() -> String {
    let names = Severity::ALL.into_iter().map(Severity::as_str).chain([OFF]);
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let mut table = format!("A table from codes or groups to {}.\n\n", names.join(", "));
    table.push_str("| code | default | when |\n|---|---|---|\n");
    for code in DIAGNOSTIC_CODES {
        let severity = code.default_severity().map_or(OFF, Severity::as_str);
        table.push_str(&format!("| `{}` | {severity} | {} |\n", code.as_str(), code.summary()));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_EXPECT=1 cargo test` writes the page.
    #[test]
    fn the_page_is_written_from_the_definitions() {
        expect_test::expect_file!["../../docs/settings.md"].assert_eq(&settings_page());
    }
}
