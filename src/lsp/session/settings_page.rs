//! `docs/settings.md`, made of the definitions of the settings so that it is never behind them.

use crate::config::{Kind, OFF, SETTING_SPECS, SettingValue, Severity};
use crate::ide::DIAGNOSTIC_CODES;

const INTRODUCTION: &str = "\
<!-- Generated from the definitions in src/config. UPDATE_EXPECT=1 cargo test writes it. -->

# Settings

Settings come from several places. Later ones override earlier ones, setting by setting:

1. the defaults on this page,
2. what Obsidian knows already, if the vault has an `.obsidian` folder: the form of its new links becomes
   `completion.path`, and where new notes go, its folder of templates and its daily notes become the settings of
   the same meaning,
3. `.vaultls.toml` at the root of the vault,
4. the editor's settings under `vaultls`.

Changes take effect at once, without a restart. Invalid settings, a misspelled key or a wrong value, are reported where they
are, and the earlier value is kept.

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

fn settings_page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for spec in SETTING_SPECS {
        page.push_str(&format!("\n## `{}`\n\n{}\n\n", spec.key, spec.doc()));
        let default = match spec.default() {
            SettingValue::Text(text) if text.is_empty() => "Empty by default.".to_owned(),
            SettingValue::Text(text) => format!("Default: `{text}`."),
            SettingValue::Bool(value) => format!("Default: `{value}`."),
            SettingValue::Integer(number) => format!("Default: `{number}`."),
            SettingValue::List(_) | SettingValue::Table(_) | SettingValue::Other(_) => {
                "Empty by default.".to_owned()
            }
        };
        match spec.kind {
            Kind::Integer { min, max } => page.push_str(&format!("Integer from {min} to {max}. {default}\n")),
            Kind::Switch => page.push_str(&format!("`true` or `false`. {default}\n")),
            Kind::Text => page.push_str(&format!("String. {default}\n")),
            Kind::Texts => page.push_str(&format!("Array of strings. {default}\n")),
            Kind::Choice(choices) => {
                page.push_str("| value | meaning |\n|---|---|\n");
                for (index, choice) in choices.iter().enumerate() {
                    let default = if index == 0 { " (default)" } else { "" };
                    page.push_str(&format!("| `{}`{default} | {} |\n", choice.name, choice.doc()));
                }
            }
            Kind::Severities => page.push_str(&severities()),
        }
    }
    page
}

fn severities() -> String {
    let names = Severity::ALL.into_iter().map(Severity::as_str).chain([OFF]);
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let mut table = format!("A table from codes or groups to {}.\n\n", names.join(", "));
    table.push_str("| code | default | meaning |\n|---|---|---|\n");
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
        expect_test::expect_file!["../../../docs/settings.md"].assert_eq(&settings_page());
    }
}
