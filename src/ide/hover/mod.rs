//! What the thing under the cursor is, in Markdown.

use crate::syntax::{Link, Moment, Tag, Timestamp};
use crate::text::Span;
use crate::vault::{
    Cancel, Cancelled, Found, Key, NameKind, NoteRef, Resolution, Snapshot, Tier, VaultPath, fold,
};

use crate::ide::cursor::symbol::SAME_MOMENT_SECONDS;
use crate::ide::cursor::under_cursor::{Element, UnderCursor, under_cursor};
use crate::ide::links::fragment::find_place;
use crate::ide::navigation::definition::definition;
use crate::ide::note::sentence::sentence_around;
use crate::ide::note::title::{shortened, title_of_file};
use crate::ide::place::{NotePosition, Ranged};
use crate::ide::preview::{Address, escape, is_image, preview};
use crate::ide::search::suggestions::{Nearest, NearestPart, suggest_files};
use crate::ide::timestamps::video::video_address;
use crate::ide::timestamps::video::{
    citing_notes, is_about, neighbours, note_of_video, timestamps_near, video_of,
};

/// How many other notes are named before the rest is only counted.
const NAMED_NOTES: usize = 5;

/// A preview of what stands under the cursor, as Markdown. `address` gives the URI of a file of the vault, for links and
/// images in the preview.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more: counting backlinks takes time in proportion to them.
pub fn hover(
    vault: &Snapshot,
    at: NotePosition,
    address: &dyn Fn(&VaultPath) -> String,
    cancel: &Cancel,
) -> Result<Option<Ranged<String>>, Cancelled> {
    let Some(found) = under_cursor(vault, at) else { return Ok(None) };
    let hover = Hover { vault, source: found.source, address, cancel };
    let text = match found.thing {
        Element::Link(link) => hover.link(link)?,
        Element::Timestamp(timestamp) => hover.timestamp(timestamp)?,
        Element::Tag(tag) => Some(hover.tag(tag)?),
        Element::Video(video) => Some(hover.video(&video.value)),
        Element::LabelUse(_) | Element::LabelDefinition(_) => hover.label(&found, at),
        Element::Block(_)
        | Element::Anchor(_)
        | Element::Name(_)
        | Element::Heading(_)
        | Element::FrontMatter(_) => None,
    };
    Ok(text.map(|value| Ranged { span: found.span, value }))
}

struct Hover<'a> {
    vault: &'a Snapshot,
    source: NoteRef<'a>,
    address: Address<'a>,
    cancel: &'a Cancel,
}

impl Hover<'_> {
    fn link(&self, link: &Link) -> Result<Option<String>, Cancelled> {
        let target = self.source.note.slice(link.target);
        Ok(match self.vault.resolve(&self.source, link) {
            Resolution::External => None,
            Resolution::Folder => Some(format!("Folder `{}`", code(&target))),
            Resolution::OutsideVault => Some(format!("`{}` lies outside the vault.", code(&target))),
            Resolution::Missing => Some(self.missing(&target)?),
            Resolution::Found(found) => Some(self.found(link, &found)?),
        })
    }

    fn missing(&self, target: &str) -> Result<String, Cancelled> {
        let mut text = format!("Note not found: `{}`", code(target));
        let nearest = suggest_files(self.vault, &self.source, target, self.cancel)?;
        let names: Vec<String> = nearest.iter().filter_map(|near| self.near(near)).collect();
        if !names.is_empty() {
            text.push_str("\n\nNearest names:\n");
            names.iter().for_each(|name| text.push_str(&format!("- {name}\n")));
        }
        Ok(text)
    }

    /// A file that may have been meant, with what of it is like the target where its name is not.
    fn near(&self, near: &Nearest) -> Option<String> {
        let file = self.vault.file(near.file)?;
        let link = self.link_to(file.path.stem(), &file.path);
        let heading = |index: usize| {
            let parsed = &file.note()?.parsed;
            parsed.headings.get(index).map(|heading| parsed.heading_name(heading).to_owned())
        };
        let shown = match near.part {
            NearestPart::Name(NameKind::Stem) => None,
            NearestPart::Name(kind) => file.names.name(kind).map(str::to_owned),
            NearestPart::Heading(index) => heading(index).map(|heading| format!("#{heading}")),
        };
        Some(shown.map_or_else(|| link.clone(), |shown| format!("{link} · {}", escape(&shortened(&shown)))))
    }

    fn found(&self, link: &Link, found: &Found) -> Result<String, Cancelled> {
        let Some(file) = self.vault.file(found.best) else { return Ok(String::new()) };
        let title = title_of_file(file);
        let mut text =
            format!("**{}**\n\n{}", escape(&shortened(title)), self.link_to(file.path.as_str(), &file.path));
        let backlinks = self.vault.backlinks(found.best, self.cancel)?;
        text.push_str(&format!(" · {}", counted(backlinks.len(), "backlink")));
        if let Some(how) = how_it_fits(found.tier) {
            text.push_str(&format!(" · {how}"));
        }
        if found.is_ambiguous {
            let others = found.all.iter().skip(1).filter_map(|id| self.vault.file(*id));
            let others: Vec<String> =
                others.map(|file| self.link_to(file.path.as_str(), &file.path)).collect();
            text.push_str(&format!("\n\nAmbiguous: {} as well.", others.join(", ")));
        }
        if let Some(target) = self.vault.note(found.best) {
            text.push_str(&self.preview_of(link, &target));
        } else if is_image(file.path.file_name()) {
            text.push_str(&format!(
                "\n\n![{}]({})",
                escape(file.path.file_name()),
                (self.address)(&file.path)
            ));
        }
        Ok(text)
    }

    fn preview_of(&self, link: &Link, target: &NoteRef<'_>) -> String {
        let Some(part) = find_place(&self.source, link, target).part_of(target) else {
            let fragment = link.fragment.map(|span| self.source.note.slice(span)).unwrap_or_default();
            return format!("\n\nIt has no `#{}`.", code(&fragment));
        };
        let lines = self.vault.settings().hover_preview_lines;
        let text = preview(self.vault, target, part, lines, self.address);
        if text.trim().is_empty() { String::new() } else { format!("\n\n---\n\n{text}") }
    }

    fn timestamp(&self, timestamp: &Timestamp) -> Result<Option<String>, Cancelled> {
        let Some(moment) = timestamp.moment else {
            return Ok(Some("This timestamp names no moment.".to_owned()));
        };
        let Some(video) = video_of(&self.source, timestamp) else {
            return Ok(Some(format!("**{moment}** ({} s) of an unknown video", moment.seconds)));
        };
        let address = video_address(&video, Some(moment.seconds));
        let title = self.video_title(&video);
        let mut text = format!(
            "**{}**\n\n[{moment}]({address}) · {} s · `{}`",
            escape(&title),
            moment.seconds,
            code(&video)
        );
        let neighbours = neighbours(&self.source, timestamp, &video);
        let names = ["before it", "behind it"].into_iter().zip(neighbours);
        let near = |(place, stamp): (&str, Option<&Timestamp>)| {
            let moment = stamp?.moment?;
            Some(format!("{place} [{moment}]({})", video_address(&video, Some(moment.seconds))))
        };
        let near: Vec<String> = names.filter_map(near).collect();
        if !near.is_empty() {
            text.push_str(&format!("\n\nIn this note: {}", near.join(", ")));
        }
        text.push_str(&self.citing(&video, moment)?);
        Ok(Some(text))
    }

    /// The other notes that cite a moment, give or take some seconds, with what they say there; the nearest first.
    fn citing(&self, video: &str, moment: Moment) -> Result<String, Cancelled> {
        let mut citing = Vec::new();
        for note in citing_notes(self.vault, video).into_iter().filter(|note| note.id != self.source.id) {
            self.cancel.check()?;
            let near = timestamps_near(&note, video, moment.seconds, SAME_MOMENT_SECONDS);
            let near = near.filter_map(|stamp| Some((stamp.moment?, stamp.span)));
            let distance = |(other, _): &(Moment, Span)| other.seconds.abs_diff(moment.seconds);
            citing.extend(near.min_by_key(distance).map(|found| (distance(&found), note, found)));
        }
        if citing.is_empty() {
            return Ok(String::new());
        }
        citing.sort_by_key(|(distance, note, _)| (*distance, note.path));
        let count = counted(citing.len(), "note");
        let mut text = format!("\n\nWithin {SAME_MOMENT_SECONDS} s also cited by {count}:\n");
        for (_, note, (moment, span)) in citing.iter().take(NAMED_NOTES) {
            let address = video_address(video, Some(moment.seconds));
            let link = self.link_to(&title_of(note), note.path);
            text.push_str(&format!("- {link} [{moment}]({address})"));
            let sentence = sentence_around(note, *span);
            if !sentence.is_empty() {
                text.push_str(&format!(": {}", escape(&shortened(&sentence))));
            }
            text.push('\n');
        }
        if citing.len() > NAMED_NOTES {
            text.push_str(&format!("- and {} more\n", citing.len() - NAMED_NOTES));
        }
        Ok(text)
    }

    /// What the video is called: the title of the hovered note if that is about the video, else of the one that stands
    /// for it.
    fn video_title(&self, video: &str) -> String {
        if is_about(&self.source, video) {
            return title_of(&self.source);
        }
        note_of_video(self.vault, video).map_or_else(|| format!("Video {video}"), |note| title_of(&note))
    }

    fn video(&self, video: &str) -> String {
        let notes = citing_notes(self.vault, video);
        let address = video_address(video, None);
        format!("[Video `{}`]({address}) · cited by {}", code(video), self.list(notes))
    }

    fn tag(&self, tag: &Tag) -> Result<String, Cancelled> {
        let name = self.source.note.slice(tag.name);
        let wanted = fold(&name);
        let mut uses = 0;
        let mut notes = Vec::new();
        for note in self.vault.users(Key::tag(&name)).iter().filter_map(|id| self.vault.note(*id)) {
            self.cancel.check()?;
            let same =
                note.note.parsed.tags.iter().filter(|tag| fold(&note.note.slice(tag.name)) == wanted).count();
            if same > 0 {
                uses += same;
                notes.push(note);
            }
        }
        Ok(format!("**#{}** · {} in {}", escape(&name), counted(uses, "use"), self.list(notes)))
    }

    /// What a label stands for: the text of a footnote, the destination of a reference.
    fn label(&self, found: &UnderCursor<'_>, at: NotePosition) -> Option<String> {
        if matches!(found.thing, Element::LabelDefinition(_)) {
            return None;
        }
        let target = *definition(self.vault, at)?.value.first()?;
        Some(preview(
            self.vault,
            &self.source,
            target.whole,
            self.vault.settings().hover_preview_lines,
            self.address,
        ))
    }

    fn list(&self, mut notes: Vec<NoteRef<'_>>) -> String {
        notes.sort_by_key(|note| note.path);
        let mut text = format!("{}:\n", counted(notes.len(), "note"));
        for note in notes.iter().take(NAMED_NOTES) {
            text.push_str(&format!("- {}\n", self.link_to(&title_of(note), note.path)));
        }
        if notes.len() > NAMED_NOTES {
            text.push_str(&format!("- and {} more\n", notes.len() - NAMED_NOTES));
        }
        text
    }

    fn link_to(&self, shown: &str, path: &VaultPath) -> String {
        format!("[{}]({})", escape(shown), (self.address)(path))
    }
}

fn title_of(note: &NoteRef<'_>) -> String {
    shortened(note.name()).into_owned()
}

fn how_it_fits(tier: Tier) -> Option<&'static str> {
    match tier {
        Tier::Own | Tier::Path | Tier::Name => None,
        Tier::Folded => Some("found by its name in other case"),
        Tier::Alias => Some("found by an alias"),
        Tier::Title => Some("found by its title"),
        Tier::Loose => Some("found by a loosely written name"),
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A text that may stand between single backticks.
fn code(text: &str) -> String {
    shortened(text).chars().map(|char| if char == '`' || char.is_control() { '\'' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let found = hover(&vault, at, &|path| format!("file:///v/{path}"), &Cancel::new()).unwrap();
        expected.assert_eq(&found.map(|found| found.value).unwrap_or_default());
    }

    #[test]
    fn a_link_shows_its_note() {
        check(
            "//- a.md\nsee [[plas$0ticity | it]]\n//- x/plasticity.md\n---\ntitle: On *Plasticity*\nvideoId: Rxmv7rT9leo\n---\n\n\
             First [[a | back]] and [[gone]].\n\
             Then <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>.\n",
            &expect![[r#"
                **On \*Plasticity\***

                [x/plasticity.md](file:///v/x/plasticity.md) · 1 backlink

                ---

                First [back](file:///v/a.md) and gone.
                Then [1:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s).
            "#]],
        );
    }

    #[test]
    fn markdown_links_of_a_preview_hold_where_it_is_shown() {
        check(
            "//- a.md\n[[no$0te]]\n//- x/note.md\n\
             ![p *q*](../img/p.png \"title\") [o](o.md#part) [s](<o o.md>) [![p](../img/p.png)](o.md) [#](#here)\n\
             [gone *there*](gone.md) ![gone](gone.png) [![p](../img/p.png)](gone.md) ![](gone_1.png) [e](https://e.org) []()\n\
             [one][two] `[o](o.md)`\n\n[two]: o.md \"title\"\n[three]: gone.md\n\
             //- img/p.png\n//- x/o.md\n//- x/o o.md\n",
            &expect![[r#"
                **note.md**

                [x/note.md](file:///v/x/note.md) · 3 backlinks

                ---

                ![p *q*](file:///v/img/p.png "title") [o](file:///v/x/o.md) [s](<file:///v/x/o o.md>) [![p](file:///v/img/p.png)](file:///v/x/o.md) [#](file:///v/x/note.md)
                gone *there* gone ![p](file:///v/img/p.png) gone_1.png [e](https://e.org) []()
                [one][two] `[o](o.md)`

                [two]: file:///v/x/o.md "title"
                [three]: gone.md
            "#]],
        );
    }

    #[test]
    fn a_fragment_shows_its_section() {
        check(
            "//- a.md\n[[b#Two$0]]\n//- b.md\n# One\none\n## Two\n```rust\ntwo\n",
            &expect![[r#"
            **One**

            [b.md](file:///v/b.md) · 1 backlink

            ---

            ## Two
            ```rust
            two

            ```"#]],
        );
        check(
            "//- a.md\n[[b#No$0]]\n//- b.md\n# One\n",
            &expect![[r#"
            **One**

            [b.md](file:///v/b.md) · 1 backlink

            It has no `#No`."#]],
        );
    }

    #[test]
    fn how_a_name_fits_is_said() {
        check(
            "//- a.md\n[[Large Mo$0dels]]\n//- large_models.md\ntext\n",
            &expect![[r#"
                **large_models.md**

                [large_models.md](file:///v/large_models.md) · 1 backlink · found by a loosely written name

                ---

                text
            "#]],
        );
        check(
            "//- a.md\n[[tw$0in]]\n//- x/twin.md\nx\n//- y/twin.md\ny\n",
            &expect![[r#"
            **twin.md**

            [x/twin.md](file:///v/x/twin.md) · 1 backlink

            Ambiguous: [y/twin.md](file:///v/y/twin.md) as well.

            ---

            x
        "#]],
        );
    }

    #[test]
    fn a_broken_link_shows_the_nearest_names() {
        check(
            "//- a.md\n[[ketamin_ri$0sk]]\n//- ketamine_risks.md\nx\n//- risks_of_ketamine.md\ny\n//- play.md\nz\n",
            &expect![[r#"
                Note not found: `ketamin_risk`

                Nearest names:
                - [ketamine_risks](file:///v/ketamine_risks.md)
                - [risks_of_ketamine](file:///v/risks_of_ketamine.md)
            "#]],
        );
    }

    #[test]
    fn an_image_is_shown() {
        check(
            "//- a.md\n![[pic$0.png]]\n//- img/pic.png\n",
            &expect![[r#"
            **pic.png**

            [img/pic.png](file:///v/img/pic.png) · 1 backlink

            ![pic.png](file:///v/img/pic.png)"#]],
        );
    }

    #[test]
    fn a_timestamp_shows_its_moment_and_who_else_cites_it() {
        check(
            "//- a.md\n---\ntitle: Talk\nvideoId: Rxmv7rT9leo\n---\n<a class=\"yt-timestamp\" data-t=\"00:0$01:55\">[00:01:55]</a>\n\
             //- b.md\n---\ntitle: Near\nvideoId: Rxmv7rT9leo\n---\n[00:02:10]\n\
             //- c.md\n---\nvideoId: Rxmv7rT9leo\n---\n[00:09:10]\n",
            &expect![[r#"
                **Talk**

                [1:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s) · 115 s · `Rxmv7rT9leo`

                Within 30 s also cited by 1 note:
                - [Near](file:///v/b.md) [2:10](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=130s)
            "#]],
        );
        check(
            "//- a.md\n---\ntitle: Talk\nvideoId: Rxmv7rT9leo\n---\n[0:10] [9:99] [1:01:55$0] [0:20](https://youtu.be/aaaaaaaaaaa?t=20) [0:05]\n",
            &expect![[r#"
                **Talk**

                [1:01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=3715s) · 3715 s · `Rxmv7rT9leo`

                In this note: before it [0:10](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=10s), behind it [0:05](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=5s)"#]],
        );
        check(
            "//- a.md\n<a class=\"yt-timestamp\" data-t=\"1:5$05\">[1:55]</a>\n",
            &expect!["**1:55** (115 s) of an unknown video"],
        );
    }

    #[test]
    fn what_other_notes_say_at_a_moment_is_shown_as_it_is_read() {
        check(
            "//- a.md\n---\ntitle: Talk\nvideoId: Rxmv7rT9leo\n---\n[2:00$0]\n\
             //- evil.md\n---\ntitle: '](x) <img src=x>'\nvideoId: Rxmv7rT9leo\n---\n# x\nFirst. <script>[run](command:quit) **it** `code` \\]( ![i](x.png) | <b x [2:10]\n\
             //- near.md\n---\nvideoId: Rxmv7rT9leo\n---\n- Later [2:29] or\n- just then [1:59]\n\
             //- far.md\n---\nvideoId: Rxmv7rT9leo\n---\n[2:31]\n",
            &expect![[r#"
                **Talk**

                [2:00](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=120s) · 120 s · `Rxmv7rT9leo`

                Within 30 s also cited by 2 notes:
                - [near](file:///v/near.md) [1:59](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=119s): just then
                - [\](x) \<img src=x\>](file:///v/evil.md) [2:10](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=130s): run it code \\\]( i \| \<b x
            "#]],
        );
        let many: String = (0..9)
            .map(|name| format!("//- {name}.md\n---\nvideoId: Rxmv7rT9leo\n---\n[0:3{name}]\n"))
            .collect();
        check(
            &format!("//- a.md\n[0:30](https://youtu.be/Rxmv7rT9leo?t=3$00)\n{many}"),
            &expect![[r#"
            **0**

            [0:30](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=30s) · 30 s · `Rxmv7rT9leo`

            Within 30 s also cited by 9 notes:
            - [0](file:///v/0.md) [0:30](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=30s)
            - [1](file:///v/1.md) [0:31](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=31s)
            - [2](file:///v/2.md) [0:32](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=32s)
            - [3](file:///v/3.md) [0:33](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=33s)
            - [4](file:///v/4.md) [0:34](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=34s)
            - and 4 more
        "#]],
        );
    }

    #[test]
    fn a_note_of_megabytes_has_a_short_preview() {
        let long = "word [[a]] ".repeat(100_000);
        let text = format!("//- a.md\n[[b$0]]\n//- b.md\n---\ntitle: {long}\n---\n# {long}\n{long}\n");
        let (vault, at) = fixture::vault(&text);
        let found = hover(&vault, at, &|path| format!("file:///v/{path}"), &Cancel::new()).unwrap().unwrap();
        assert!(found.value.len() < 20_000, "{} bytes", found.value.len());
        assert!(found.value.contains('…'));
    }

    #[test]
    fn a_tag_is_counted() {
        check(
            "//- a.md\n#plas$0tic and #plastic\n//- b.md\n---\ntags: [Plastic]\n---\n",
            &expect![[r#"
            **#plastic** · 3 uses in 2 notes:
            - [a](file:///v/a.md)
            - [b](file:///v/b.md)
        "#]],
        );
    }

    #[test]
    fn labels_show_what_they_stand_for() {
        check("//- a.md\nword[^n$0]\n\n[^n]: The *note*.\n", &expect!["[^n]: The *note*."]);
    }
}
