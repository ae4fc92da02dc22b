//! The vault that comes with the project: its good notes have no finding, and its faulty ones exactly those
//! that `seeds/faults/README.md` lists.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // a test may fail

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use vaultls::config::{DiagnosticCode, Settings, Severity};
use vaultls::disk::{ScanOptions, scan};
use vaultls::ide::{DIAGNOSTIC_CODES, diagnostics};
use vaultls::vault::{Cancel, Change, Snapshot, VaultWriter};

/// Line and code of a finding.
type Finding = (usize, String);

fn seeds(folder: &str, settings: Settings) -> Snapshot {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let options = ScanOptions::from(&settings);
    let writer = Mutex::new(VaultWriter::new(Arc::new(settings)));
    let report = scan(&root, &options, &Cancel::new(), &|files, _| {
        writer.lock().unwrap().apply(Change::Disk(files));
    });
    report.unwrap();
    writer.into_inner().unwrap().snapshot()
}

/// Findings by note, each list sorted.
fn found(vault: &Snapshot) -> BTreeMap<String, Vec<Finding>> {
    let mut by_note = BTreeMap::new();
    for note in vault.notes() {
        let findings = diagnostics(vault, note.id, &Cancel::new()).unwrap();
        let line = |one: &vaultls::ide::Diagnostic| note.note.text.line_of(one.span.start) + 1;
        let mut findings: Vec<Finding> =
            findings.iter().map(|one| (line(one), one.code.as_str().to_owned())).collect();
        findings.sort();
        if !findings.is_empty() {
            by_note.insert(note.path.to_string(), findings);
        }
    }
    by_note
}

/// The tables of the list: a heading names the note, each row a line and a code.
fn listed(prefix: &str) -> BTreeMap<String, Vec<Finding>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/faults/README.md");
    let list = std::fs::read_to_string(path).unwrap();
    let mut by_note: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    let mut note = None;
    for line in list.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            note = heading.ends_with(".md").then(|| format!("{prefix}{heading}"));
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let (Some(note), Some(Ok(number))) = (&note, cells.get(1).map(|cell| cell.parse())) {
            by_note.entry(note.clone()).or_default().push((number, cells[2].to_owned()));
        }
    }
    by_note.values_mut().for_each(|findings| findings.sort());
    by_note
}

/// Shows what is only in one of the two.
fn difference(found: &BTreeMap<String, Vec<Finding>>, listed: &BTreeMap<String, Vec<Finding>>) -> String {
    let flat = |by_note: &BTreeMap<String, Vec<Finding>>| -> Vec<(String, Finding)> {
        by_note.iter().flat_map(|(note, all)| all.iter().map(|one| (note.clone(), one.clone()))).collect()
    };
    let (mut found, mut listed) = (flat(found), flat(listed));
    found.retain(|one| listed.iter().position(|other| other == one).map(|at| listed.remove(at)).is_none());
    let lines = |what: &str, all: Vec<(String, Finding)>| -> Vec<String> {
        all.into_iter().map(|(note, (line, code))| format!("{what} {note}:{line} {code}")).collect()
    };
    [lines("not listed:", found), lines("not found:", listed)].concat().join("\n")
}

#[test]
fn good_notes_have_no_finding_and_faulty_ones_those_that_are_listed() {
    assert_eq!(difference(&found(&seeds("seeds", Settings::default())), &listed("faults/")), "");
}

#[test]
fn the_faulty_notes_alone_have_the_same_findings() {
    assert_eq!(difference(&found(&seeds("seeds/faults", Settings::default())), &listed("")), "");
}

#[test]
fn every_code_is_planted() {
    let listed = listed("");
    for code in DIAGNOSTIC_CODES.iter().filter(|code| code.default_severity().is_some()) {
        let is_listed = listed.values().flatten().any(|(_, listed)| listed == code.as_str());
        assert!(is_listed, "{} is nowhere in the list", code.as_str());
    }
}

#[test]
fn orphans_are_found_when_asked_for() {
    let mut settings = Settings::default();
    let orphan = DiagnosticCode::parse("note/orphan", DIAGNOSTIC_CODES).unwrap();
    settings.severities.insert(orphan, Some(Severity::Information));
    let found = found(&seeds("seeds", settings));
    let orphans = found.iter().filter(|(_, all)| all.iter().any(|(_, code)| code == "note/orphan"));
    let orphans: Vec<&str> = orphans.map(|(note, _)| note.as_str()).collect();
    assert!(orphans.contains(&"faults/orphan_note.md"), "{orphans:?}");
    assert!(!orphans.contains(&"hubermanlab/ketamine_and_neuroplasticity.md"), "{orphans:?}");
}
