//! The settings as the extension for VS Code declares them, written from the same definitions that
//! the server reads them by.

use serde_json::{Map, Value, json};

use crate::config::{Choice, DiagnosticCode, Kind, OFF, SETTING_SPECS, SettingSpec, SettingValue, Severity};
use crate::ide::DIAGNOSTIC_CODES;

use super::settings::SECTION;

/// `contributes.configuration.properties` of an extension (VS Code's "Contribution Points"): JSON
/// Schema by full key.
fn vscode_settings() -> Map<String, Value> {
    let property = |spec: &SettingSpec| (format!("{SECTION}.{}", spec.key), schema(spec));
    SETTING_SPECS.iter().map(property).collect()
}

fn schema(spec: &SettingSpec) -> Value {
    let mut schema = match spec.kind {
        Kind::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Choice(choices) => json!({
            "type": "string",
            "enum": choices.iter().map(|choice| choice.name).collect::<Vec<_>>(),
            "markdownEnumDescriptions": choices.iter().map(Choice::doc).collect::<Vec<_>>(),
        }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Severities => {
            json!({ "type": "object", "properties": severities(), "additionalProperties": false })
        }
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("default".to_owned(), value(&spec.default()));
        schema.insert("markdownDescription".to_owned(), json!(spec.doc()));
    }
    schema
}

fn severities() -> Map<String, Value> {
    let severities: Vec<&str> = Severity::ALL.into_iter().map(Severity::as_str).chain([OFF]).collect();
    let of_code = |code: &DiagnosticCode| {
        let default = code.default_severity().map_or(OFF, Severity::as_str);
        let schema = json!({ "enum": severities, "default": default, "description": code.summary() });
        (code.as_str().to_owned(), schema)
    };
    let of_group = |code: &DiagnosticCode| {
        let description = format!("All codes that begin with `{}/`.", code.group());
        (code.group().to_owned(), json!({ "enum": severities, "markdownDescription": description }))
    };
    DIAGNOSTIC_CODES.iter().map(of_group).chain(DIAGNOSTIC_CODES.iter().map(of_code)).collect()
}

fn value(value: &SettingValue) -> Value {
    match value {
        SettingValue::Bool(value) => json!(value),
        SettingValue::Integer(value) => json!(value),
        SettingValue::Text(text) => json!(text),
        SettingValue::List(list) => list.iter().map(self::value).collect(),
        SettingValue::Table(entries) => {
            entries.iter().map(|(key, entry)| (key.clone(), self::value(entry))).collect()
        }
        SettingValue::Other(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_EXPECT=1 cargo test` writes them into the manifest of the extension.
    #[test]
    fn the_extension_declares_the_settings_of_the_server() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/vscode/package.json");
        let manifest = std::fs::read_to_string(path).unwrap();
        let generated = r#""title": "Vault","#;
        let (before, rest) = manifest.split_once(generated).expect("a section for the settings of the vault");
        let indent: String = before.chars().rev().take_while(|char| *char == ' ').collect();
        let end = format!("\n{}}}", indent.get(2..).unwrap());
        let (_, after) = rest.split_once(&end).expect("the end of the section");
        let settings = serde_json::to_string_pretty(&vscode_settings()).unwrap();
        let settings = settings.replace('\n', &format!("\n{indent}"));
        let expected = format!("{before}{generated}\n{indent}\"properties\": {settings}{end}{after}");
        expect_test::expect_file![path].assert_eq(&expected);
    }
}
