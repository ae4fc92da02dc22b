//! What is wrong with a note: the engine that runs the rules. It knows no rule by name; **to add one**, write
//! a file below `rules` and add a line to the list there.

mod context;
mod fix;
pub(super) mod labels;
#[cfg(test)]
mod page;
mod placeholder;
pub(super) mod rules;
mod site_parts;
#[cfg(test)]
mod testing;

use crate::config::{DiagnosticCode, RuleSpec, Severity};
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, Coverage, FileId, Snapshot, Tier, VaultPath};

pub(super) use context::NoteContext;
use fix::FixContext;
pub use fix::{Applicability, Fix, SafeFixes, fixes, safe_fixes};
pub use rules::{DIAGNOSTIC_CODES, RULES};

/// Something wrong with a note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// The code of the rule.
    pub code: DiagnosticCode,
    /// The severity by the settings.
    pub severity: Severity,
    /// What is wrong, for the person who reads the note.
    pub message: String,
    /// Other places that matter.
    pub related: Vec<Related>,
    /// How the link was found, where it was.
    pub tier: Option<Tier>,
}

/// A place that helps to understand a diagnostic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// The number of related places that a diagnostic has at most; its message says how many there are.
const MAX_RELATED: usize = 10;

impl Related {
    /// A file as a whole, by its path.
    fn file(vault: &Snapshot, file: FileId) -> Option<Related> {
        let message = vault.file(file)?.path.to_string();
        Some(Related { file, span: Span::default(), message })
    }
}

/// A kind of diagnostic: what is documented of it, and the check that finds it.
#[derive(Debug)]
pub struct Rule {
    /// Code, default severity and summary.
    pub spec: RuleSpec,
    /// What it means and why it matters, in lines of Markdown that begin with a space. The first one is the
    /// summary.
    pub docs: &'static str,
    /// How much of the vault a finding needs.
    requires: Requires,
    /// Whether a finding is about a timestamp, which a fix elsewhere in its line or note may change.
    pub(super) is_about_timestamp: bool,
    check: Check,
}

/// Finds all violations of a rule in a note.
type Check = for<'a> fn(&NoteContext<'a>, &mut Findings<'a>) -> Result<(), Cancelled>;

/// How much of the vault has to be known before a rule is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Requires {
    /// The note itself, and what is known of the vault: more of it takes no finding back.
    Note,
    /// Every note that there is to read, be it the one open document.
    AllReadable,
    /// Every file of the vault.
    Vault,
}

impl Requires {
    fn is_met_by(self, coverage: Coverage) -> bool {
        match self {
            Requires::Note => true,
            Requires::AllReadable => matches!(coverage, Coverage::OpenOnly | Coverage::Whole),
            Requires::Vault => coverage.is_whole(),
        }
    }
}

impl Rule {
    /// A rule that finds nothing.
    const BASE: Rule = Rule {
        spec: RuleSpec::new("", None, ""),
        docs: "",
        requires: Requires::Note,
        is_about_timestamp: false,
        check: |_, _| Ok(()),
    };

    /// Returns the code of the rule.
    pub const fn code(&'static self) -> DiagnosticCode {
        DiagnosticCode::new(&self.spec)
    }
}

/// What a rule has found at one place.
struct Finding<'a> {
    span: Span,
    message: String,
    related: Vec<Related>,
    tier: Option<Tier>,
    fix: Option<FindingFix<'a>>,
}

/// Adds the fixes of a finding, the best first. It holds what the check has found, so that it does not search
/// again.
type FindingFix<'a> = Box<dyn Fn(&mut FixContext<'_, '_>) -> Result<(), Cancelled> + 'a>;

impl<'a> Finding<'a> {
    fn new(span: Span, message: impl Into<String>) -> Finding<'a> {
        Finding { span, message: message.into(), related: Vec::new(), tier: None, fix: None }
    }

    /// Adds other places that matter, the first of them.
    fn related(self, related: impl IntoIterator<Item = Related>) -> Finding<'a> {
        Finding { related: related.into_iter().take(MAX_RELATED).collect(), ..self }
    }

    /// Says how the link was found.
    fn tier(self, tier: Tier) -> Finding<'a> {
        Finding { tier: Some(tier), ..self }
    }

    /// Gives the fixes.
    fn fixed_by(self, fix: impl Fn(&mut FixContext<'_, '_>) -> Result<(), Cancelled> + 'a) -> Finding<'a> {
        Finding { fix: Some(Box::new(fix)), ..self }
    }

    /// Gives fixes of which none is safe: they are not worked out where only safe ones are wanted.
    fn fixed_unsafely_by(
        self,
        fix: impl Fn(&mut FixContext<'_, '_>) -> Result<(), Cancelled> + 'a,
    ) -> Finding<'a> {
        self.fixed_by(move |fixes| if fixes.safe_only { Ok(()) } else { fix(fixes) })
    }
}

/// What one rule has found in a note.
type Findings<'a> = Vec<Finding<'a>>;

/// A diagnostic with what its rule knows of it.
pub(super) struct Found<'a> {
    pub(super) diagnostic: Diagnostic,
    pub(super) rule: &'static Rule,
    fix: Option<FindingFix<'a>>,
}

/// Returns the diagnostics of a note by the settings of the snapshot, in the order of its text, as far as its
/// coverage justifies them. Empty for attachments. Its cost grows with the note, and with those that share a
/// name or a video with it.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn diagnostics(vault: &Snapshot, note: FileId, cancel: &Cancel) -> Result<Vec<Diagnostic>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(Vec::new()) };
    let found = NoteContext::new(vault, source, cancel).find()?;
    Ok(found.into_iter().map(|found| found.diagnostic).collect())
}

impl<'a> NoteContext<'a> {
    /// Runs all rules that are on and can be judged. A template is not judged: what is in it is filled in
    /// later.
    pub(super) fn find(&self) -> Result<Vec<Found<'a>>, Cancelled> {
        let mut all = Vec::new();
        let templates = VaultPath::resolve("", &self.vault.settings().template_folder);
        if templates.is_ok_and(|folder| self.source.path.lies_below(folder.as_str())) {
            return Ok(all);
        }
        for rule in RULES.iter().copied().filter(|rule| rule.requires.is_met_by(self.vault.coverage())) {
            let Some(severity) = self.vault.settings().severity(rule.code()) else { continue };
            self.cancel.check()?;
            let mut findings = Findings::new();
            (rule.check)(self, &mut findings)?;
            findings.retain(|finding| {
                !self.is_placeholder(finding.span) && !self.is_ignored_link(rule.code(), finding.span)
            });
            all.extend(findings.into_iter().map(|Finding { span, message, related, tier, fix }| {
                let diagnostic = Diagnostic { span, code: rule.code(), severity, message, related, tier };
                Found { diagnostic, rule, fix }
            }));
        }
        // Stable: at one place the rules keep their order.
        all.sort_by_key(|found| found.diagnostic.span);
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::testing::found;
    use super::*;
    use crate::config::Settings;
    use crate::ide::fixture;
    use crate::vault::{Change, DiskFile, Note, VaultPath, VaultWriter};

    #[test]
    fn what_a_part_of_the_vault_justifies() {
        let text = "---\nvideoId: aaaaaaaaaaa\n---\n[[gone]] [[#gone]] [13:00:00]\n";
        let mut writer = VaultWriter::new(Arc::default());
        let path = VaultPath::resolve("", "note.md").unwrap();
        writer.apply(Change::Disk(vec![(path, DiskFile::Note(Arc::new(Note::new(text))))]));
        let mut codes = |coverage| {
            writer.apply(Change::Coverage(coverage));
            let vault = writer.snapshot();
            let found = found(&vault, vault.find("note.md").unwrap());
            found.iter().map(|one| one.code.as_str()).collect::<Vec<_>>().join(" ")
        };
        let own = "link/missing-heading";
        assert_eq!(codes(Coverage::OpenOnly), format!("{own} timestamp/beyond-end"));
        assert_eq!(codes(Coverage::Walking), own);
        assert_eq!(codes(Coverage::Names), own);
        assert_eq!(codes(Coverage::Whole), format!("link/missing-note {own} timestamp/beyond-end"));
    }

    #[test]
    fn what_is_filled_in_later_is_not_judged() {
        for (text, findings) in [
            ("---\ntitle: {{title}}\naliases: [{{title}}]\n---\n", 0),
            ("---\ntitle: <% tp.file.title %>: x\n---\n", 0),
            ("---\ntitle: {title: x}\n---\n", 1),
            ("<< [[{{yesterday}}]] | [[<% tp.date.now(\"YYYY\", 1) %>|next]] [x]({{url}})", 0),
            ("![a]({%link.png%}) [[gone]] {{x}}", 1),
            ("[[{{a]]", 1),
            ("<a href=\"{{< ref a >}}\">x</a> <img src='{{ a }}'> <a href='gone.md'>x</a>", 1),
            ("[x](((63bc6201-53b1))) [x]((gone).md) ${query[[from p = pages()]]} query[[gone]]", 2),
            ("@[code{1-2}](@snippets/a.sh) [code](@snippets/a.sh) é[code](gone.md)", 2),
            ("[x]($base_url/a) [x]($base#faq) [x](${base}/a) [x]($gone.md) [x]($/a)", 2),
            ("<a href=\"{{ '/x/#y' | relative_url }}\">x</a> [x]({% link a.md %}#b)", 0),
            ("{{< code-toggle file=hugo >}}\n[[menus.main]]\n{{< /code-toggle >}}\n[[gone]]", 1),
            ("{{< a >}}{{< /a >}} [[gone]] {{< a >}}{{< /a >}}", 1),
            ("[[toc]] [[_TOC_]] [[_TOSP_]] [[gone]]", 1),
            ("//- Templates/daily.md\n---\ntitle: [[x]]\n---\n[[gone]] $0", 0),
        ] {
            let settings = Settings { template_folder: "Templates/".to_owned(), ..Settings::default() };
            let (vault, at) = fixture::with_settings(text, settings);
            assert_eq!(found(&vault, at.note).len(), findings, "{text}");
        }
    }

    #[test]
    fn what_the_settings_ignore_is_not_judged() {
        for (text, findings) in [
            ("[[TODO write this]] [[todo#part|shown]] [x](/api/v1/%C3%A9.html) [l]\n\n[l]: /API/x", 0),
            ("[[my TODO]] [x](api/v1) [u][v]", 3),
            ("[[note#gone]] [[/api/]]", 1),
            ("<a href=\"/api/x\">x</a> ![[/api/x.png]]", 0),
        ] {
            let ignored_links = ["TODO*", "/api/*"].map(str::to_owned).into();
            let settings = Settings { ignored_links, ..Settings::default() };
            let (vault, at) = fixture::with_settings(&format!("//- note.md\n{text} $0"), settings);
            assert_eq!(found(&vault, at.note).len(), findings, "{text}");
        }
    }

    /// Takes minutes if each link looks at each heading.
    #[test]
    fn a_table_of_contents_costs_no_more_than_its_length() {
        let rows = |row: fn(usize) -> String| (0..5_000).map(row).collect::<String>();
        let text = rows(|n| {
            format!("[one](#part-no-{n}) [[#Part no. {n}#Intro]] [[#Text#Part no. {n}]] [[#^id-{n}]]\n\n")
        }) + "# Text\n"
            + &rows(|n| format!("## Part no. {n}\n\ntext ^id-{n}\n\n### Intro\n\n"));
        let (vault, at) = fixture::vault(&text);
        assert_eq!(found(&vault, at.note), []);
    }
}
