//! What the element under the cursor is: the note behind a link, a moment of a video, a tag.

use crate::syntax::{Link, Moment, Timestamp};
use crate::text::Span;
use crate::vault::{
    Cancel, Cancelled, File, Found, NameKind, NoteRef, Resolution, Snapshot, Tier, VaultPath,
};

use crate::ide::cursor::symbol::SAME_MOMENT_SECONDS;
use crate::ide::cursor::under_cursor::{Element, under_cursor};
use crate::ide::links::fragment::find_place;
use crate::ide::navigation::definition::definition;
use crate::ide::note::title::shortened;
use crate::ide::place::{NotePosition, Ranged};
use crate::ide::preview::{Inline, Preview, PreviewBuilder, code, counted, is_image, moment_link};
use crate::ide::search::suggestions::{Nearest, NearestPart, suggest_files};
use crate::ide::timestamps::video::{
    citing_notes, is_about, neighbours, timestamps_near, video_address, video_of,
};

/// Returns a preview of what the cursor is on. While the vault is being read, the preview says so in place of
/// what is not known yet. `address` gives the URI of a file of the vault, for links and
/// images in the preview. Counting backlinks takes time in proportion to them.
pub fn hover(
    vault: &Snapshot,
    at: NotePosition,
    address: &dyn Fn(&VaultPath) -> String,
    cancel: &Cancel,
) -> Result<Option<Ranged<Preview>>, Cancelled> {
    let Some(found) = under_cursor(vault, at) else { return Ok(None) };
    let is_loading = vault.coverage().is_loading();
    let hover = Hover { vault, source: found.source, previews: PreviewBuilder { vault, address }, cancel };
    let preview = match found.thing {
        Element::Link(link) => hover.link(link)?,
        Element::Timestamp(timestamp) => Some(hover.timestamp(timestamp)?),
        Element::Tag(tag) if is_loading => Some(still_reading(&found.source.note.slice(tag.span))),
        Element::Tag(tag) => hover.previews.of_tag(&found.source.note.slice(tag.name), cancel)?,
        Element::Video(video) if is_loading => Some(still_reading(&video.value)),
        Element::Video(video) => Some(hover.video(&video.value)),
        Element::LabelUse(_) => hover.label(at),
        Element::LabelDefinition(_)
        | Element::Block(_)
        | Element::Anchor(_)
        | Element::Name(_)
        | Element::Heading(_)
        | Element::FrontMatter(_) => None,
    };
    Ok(preview.map(|value| Ranged { span: found.span, value }))
}

struct Hover<'a> {
    vault: &'a Snapshot,
    source: NoteRef<'a>,
    previews: PreviewBuilder<'a>,
    cancel: &'a Cancel,
}

impl Hover<'_> {
    fn link(&self, link: &Link) -> Result<Option<Preview>, Cancelled> {
        let target = self.source.note.slice(link.target);
        let mut preview = Preview::default();
        let resolution = self.vault.settled(|vault| vault.resolve(&self.source, link));
        let Some(resolution) = resolution else { return Ok(Some(still_reading(&target))) };
        match resolution {
            Resolution::External => return Ok(None),
            Resolution::Folder => preview.paragraph([Inline::text("Folder "), code(&target)]),
            Resolution::OutsideVault => {
                preview.paragraph([code(&target), Inline::text(" is outside the vault")]);
            }
            Resolution::Missing => {
                preview.paragraph([Inline::text("Note not found: "), code(&target)]);
                self.suggest(&target, &mut preview)?;
            }
            Resolution::Found(found) => match self.vault.file(found.best) {
                Some(file) => preview = self.file(link, &found, file)?,
                None => return Ok(None),
            },
        }
        Ok(Some(preview))
    }

    /// Lists the files that a link may have meant.
    fn suggest(&self, target: &str, preview: &mut Preview) -> Result<(), Cancelled> {
        let nearest = suggest_files(self.vault, &self.source, target, self.cancel)?;
        let items: Vec<Vec<Inline>> = nearest.iter().filter_map(|near| self.near(near)).collect();
        if !items.is_empty() {
            preview.paragraph([Inline::text("Similar names:")]);
            preview.list(items);
        }
        Ok(())
    }

    /// A file that may have been meant, with what of it is like the target where its name is not.
    fn near(&self, near: &Nearest) -> Option<Vec<Inline>> {
        let file = self.vault.file(near.file)?;
        let heading = |index: usize| {
            let parsed = &file.note()?.parsed;
            parsed.headings.get(index).map(|heading| parsed.heading_name(heading))
        };
        let shown = match near.part {
            NearestPart::Name(NameKind::Stem) => None,
            NearestPart::Name(kind) => file.names.name(kind).map(|name| format!(" · {}", shortened(name))),
            NearestPart::Heading(index) => {
                heading(index).map(|heading| format!(" · #{}", shortened(heading)))
            }
        };
        let link = self.previews.link_to(file.path.stem(), &file.path);
        Some([link].into_iter().chain(shown.map(Inline::Text)).collect())
    }

    fn file(&self, link: &Link, found: &Found, file: &File) -> Result<Preview, Cancelled> {
        let backlinks = match self.vault.coverage().is_loading() {
            true => "still reading the vault".to_owned(),
            false => counted(self.vault.backlinks(found.best, self.cancel)?.len(), "backlink"),
        };
        let how = how_it_fits(found.tier).map(|how| format!(" · {how}")).unwrap_or_default();
        let remarks = Inline::Text(format!(" · {backlinks}{how}"));
        let mut preview = self.previews.of_file(file, vec![remarks]);
        if found.is_ambiguous {
            let others = found.all.iter().skip(1).filter_map(|id| self.vault.file(*id));
            let links = others.flat_map(|other| {
                [Inline::text(", "), self.previews.link_to(other.path.as_str(), &other.path)]
            });
            preview.paragraph([Inline::text("Ambiguous, also matches ")].into_iter().chain(links.skip(1)));
        }
        if let Some(target) = self.vault.note(found.best) {
            match find_place(&self.source, link, &target).part_of(&target) {
                Some(part) => preview.excerpt(self.previews.excerpt(&target, part)),
                None => {
                    let fragment = link.fragment.map(|span| self.source.note.slice(span)).unwrap_or_default();
                    preview
                        .paragraph([Inline::text("Not found in this note: "), code(&format!("#{fragment}"))]);
                }
            }
        } else if is_image(file.path.file_name()) {
            let (text, address) = (file.path.file_name().to_owned(), (self.previews.address)(&file.path));
            preview.paragraph([Inline::Image { text, address }]);
        }
        Ok(preview)
    }

    fn timestamp(&self, timestamp: &Timestamp) -> Result<Preview, Cancelled> {
        let mut preview = Preview::default();
        let Some(moment) = timestamp.moment() else {
            preview.paragraph([Inline::text("Invalid timestamp")]);
            return Ok(preview);
        };
        let Some(video) = video_of(&self.source, timestamp) else {
            let rest = format!(" ({} s) of an unknown video", moment.seconds);
            preview.paragraph([Inline::Strong(moment.to_string()), Inline::Text(rest)]);
            return Ok(preview);
        };
        let is_loading = self.vault.coverage().is_loading();
        let own = is_about(&self.source, &video).then(|| self.source.name().to_owned());
        if is_loading && own.is_none() {
            return Ok(still_reading(&video));
        }
        let title = own.unwrap_or_else(|| self.previews.title_of_video(&video));
        preview = self.previews.of_moment(&title, &video, moment);
        let neighbours = ["previous ", "next "].into_iter().zip(neighbours(&self.source, timestamp, &video));
        let near = neighbours.filter_map(|(which, stamp)| {
            Some([Inline::text(", "), Inline::text(which), moment_link(&video, stamp?.moment()?)])
        });
        let near: Vec<Inline> = near.flatten().skip(1).collect();
        if !near.is_empty() {
            preview.paragraph([Inline::text("In this note: ")].into_iter().chain(near));
        }
        if is_loading {
            preview.paragraph([Inline::text("Still reading the vault")]);
        } else {
            self.cite(&video, moment, &mut preview)?;
        }
        Ok(preview)
    }

    /// Lists the other notes that cite a moment, give or take some seconds, with what they say there; the
    /// nearest first.
    fn cite(&self, video: &str, moment: Moment, preview: &mut Preview) -> Result<(), Cancelled> {
        let mut citing = Vec::new();
        for note in citing_notes(self.vault, video).into_iter().filter(|note| note.id != self.source.id) {
            self.cancel.check()?;
            let near = timestamps_near(&note, video, moment.seconds, SAME_MOMENT_SECONDS);
            let near = near.filter_map(|stamp| Some((stamp.moment()?, stamp.span)));
            let distance = |(other, _): &(Moment, Span)| other.seconds.abs_diff(moment.seconds);
            citing.extend(near.min_by_key(distance).map(|found| (distance(&found), note, found)));
        }
        if !citing.is_empty() {
            citing.sort_by_key(|(distance, note, _)| (*distance, note.path));
            let count = counted(citing.len(), "note");
            preview
                .paragraph([Inline::Text(format!("Also cited by {count} within {SAME_MOMENT_SECONDS} s:"))]);
            preview.list(self.previews.limited(&citing, |(_, note, (moment, span))| {
                self.previews.citing_note(note, Some(moment_link(video, *moment)), *span)
            }));
        }
        Ok(())
    }

    fn video(&self, video: &str) -> Preview {
        let notes = citing_notes(self.vault, video);
        let link =
            Inline::Link { text: format!("Video {}", shortened(video)), address: video_address(video, None) };
        let mut preview = Preview::default();
        preview.paragraph([link, Inline::Text(format!(" · cited by {}:", counted(notes.len(), "note")))]);
        preview.list(self.previews.notes(notes));
        preview
    }

    /// What a label stands for: the text of a footnote, the destination of a reference.
    fn label(&self, at: NotePosition) -> Option<Preview> {
        let target = *definition(self.vault, at)?.value.first()?;
        let mut preview = Preview::default();
        preview.excerpt(self.previews.excerpt(&self.source, target.whole));
        Some(preview)
    }
}

/// Says of something that may still be found that it is not known yet.
fn still_reading(name: &str) -> Preview {
    let mut preview = Preview::default();
    preview.paragraph([Inline::text("Still reading the vault: "), code(name)]);
    preview
}

fn how_it_fits(tier: Tier) -> Option<&'static str> {
    match tier {
        Tier::Own | Tier::Path | Tier::Name => None,
        Tier::Folded => Some("found by its name in other case"),
        Tier::Number => Some("found by the number that its name begins with"),
        Tier::Address => Some("found by the address in its front matter"),
        Tier::Site => Some("found by the address of its page"),
        Tier::Alias => Some("found by an alias"),
        Tier::Title => Some("found by its title"),
        Tier::Loose => Some("found by a loosely written name"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let found = hover(&vault, at, &|path| format!("file:///v/{path}"), &Cancel::new()).unwrap();
        expected.assert_eq(&found.map(|found| found.value.markdown()).unwrap_or_default());
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
                Then [1:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s)."#]],
        );
    }

    #[test]
    fn plain_text_has_no_markup_but_that_of_the_note() {
        let (vault, at) = fixture::vault(
            "//- a.md\n[[plas$0ticity]]\n//- plasticity.md\n# On *Plasticity*\n\nFirst [[a|back]] and **[a](a.md)**.\n\
             Then ![[p.png]] <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>.\n//- p.png\n",
        );
        let found = hover(&vault, at, &|path| format!("file:///v/{path}"), &Cancel::new()).unwrap();
        expect![[r#"
            On Plasticity

            plasticity.md · 1 backlink

            # On *Plasticity*

            First back and **[a](a.md)**.
            Then p.png <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>."#]]
        .assert_eq(&found.unwrap().value.plain_text());
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

                [x/note.md](file:///v/x/note.md) · 1 backlink

                ---

                ![p *q*](file:///v/img/p.png "title") [o](file:///v/x/o.md) [s](<file:///v/x/o o.md>) [![p](file:///v/img/p.png)](file:///v/x/o.md) [#](file:///v/x/note.md)
                gone *there* gone ![p](file:///v/img/p.png) gone_1.png [e](https://e.org) []()
                [one][two] `[o](o.md)`

                [two]: file:///v/x/o.md "title"
                [three]: gone.md"#]],
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

                Not found in this note: `#No`"#]],
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

                text"#]],
        );
        check(
            "//- a.md\n[[tw$0in]]\n//- x/twin.md\nx\n//- y/twin.md\ny\n",
            &expect![[r#"
                **twin.md**

                [x/twin.md](file:///v/x/twin.md) · 1 backlink

                Ambiguous, also matches [y/twin.md](file:///v/y/twin.md)

                ---

                x"#]],
        );
    }

    #[test]
    fn a_broken_link_shows_the_nearest_names() {
        check(
            "//- a.md\n[[ketamin_ri$0sk]]\n//- ketamine_risks.md\nx\n//- risks_of_ketamine.md\ny\n//- play.md\nz\n",
            &expect![[r#"
                Note not found: `ketamin_risk`

                Similar names:
                - [ketamine_risks](file:///v/ketamine_risks.md)
                - [risks_of_ketamine](file:///v/risks_of_ketamine.md)"#]],
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

                Also cited by 1 note within 30 s:
                - [Near](file:///v/b.md) [2:10](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=130s)"#]],
        );
        check(
            "//- a.md\n---\ntitle: Talk\nvideoId: Rxmv7rT9leo\n---\n[0:10] [9:99] [1:01:55$0] [0:20](https://youtu.be/aaaaaaaaaaa?t=20) [0:05]\n",
            &expect![[r#"
                **Talk**

                [1:01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=3715s) · 3715 s · `Rxmv7rT9leo`

                In this note: previous [0:10](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=10s), next [0:05](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=5s)"#]],
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

                Also cited by 2 notes within 30 s:
                - [near](file:///v/near.md) [1:59](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=119s): just then
                - [\](x) \<img src=x\>](file:///v/evil.md) [2:10](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=130s): run it code \\\]( i \| \<b x"#]],
        );
        let many: String = (0..9)
            .map(|name| format!("//- {name}.md\n---\nvideoId: Rxmv7rT9leo\n---\n[0:3{name}]\n"))
            .collect();
        check(
            &format!("//- a.md\n[0:30](https://youtu.be/Rxmv7rT9leo?t=3$00)\n{many}"),
            &expect![[r#"
                **0**

                [0:30](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=30s) · 30 s · `Rxmv7rT9leo`

                Also cited by 9 notes within 30 s:
                - [0](file:///v/0.md) [0:30](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=30s)
                - [1](file:///v/1.md) [0:31](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=31s)
                - [2](file:///v/2.md) [0:32](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=32s)
                - [3](file:///v/3.md) [0:33](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=33s)
                - [4](file:///v/4.md) [0:34](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=34s)
                - and 4 more"#]],
        );
    }

    #[test]
    fn a_note_of_megabytes_has_a_short_preview() {
        let long = "word [[a]] ".repeat(100_000);
        let text = format!("//- a.md\n[[b$0]]\n//- b.md\n---\ntitle: {long}\n---\n# {long}\n{long}\n");
        let (vault, at) = fixture::vault(&text);
        let found = hover(&vault, at, &|path| format!("file:///v/{path}"), &Cancel::new()).unwrap().unwrap();
        let markdown = found.value.markdown();
        assert!(markdown.len() < 20_000, "{} bytes", markdown.len());
        assert!(markdown.contains('…'));
    }

    #[test]
    fn a_tag_is_counted() {
        check(
            "//- a.md\n#plas$0tic and #plastic\n//- b.md\n---\ntags: [Plastic]\n---\n",
            &expect![[r#"
                **\#plastic** · 3 uses in 2 notes:
                - [a](file:///v/a.md)
                - [b](file:///v/b.md)"#]],
        );
    }

    #[test]
    fn labels_show_what_they_stand_for() {
        check("//- a.md\nword[^n$0]\n\n[^n]: The *note*.\n", &expect!["[^n]: The *note*."]);
    }
}
