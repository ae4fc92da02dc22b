//! Renames as the edits that a client carries out.

use std::collections::HashMap;

use tower_lsp::ls_types::{
    AnnotatedTextEdit, ChangeAnnotation, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, PrepareRenameResponse, RenameFile, RenameFileOptions,
    ResourceOp, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use crate::ide::{Edit, NoteEdits, Ranged, Rename};
use crate::vault::FileId;

use super::Encoder;

/// The name under which the changes of links are grouped where a client shows edits before they are made.
const LINKS: &str = "vaultls.links";

/// Where a rename takes place and what the thing is called now.
pub fn prepared_rename(found: Ranged<String>, note: FileId, encoder: &Encoder<'_>) -> PrepareRenameResponse {
    PrepareRenameResponse::RangeWithPlaceholder {
        range: encoder.range(note, found.span),
        placeholder: found.value,
    }
}

/// The edits of a rename in one piece: those of texts first, all about the files as they lie now, then the file's. With the
/// versions of open notes where the client takes them. `None` if a file has no address, or would have to be renamed
/// by a client that cannot.
pub fn workspace_edit(
    rename: &Rename,
    encoder: &Encoder<'_>,
    version: &dyn Fn(FileId) -> Option<i32>,
) -> Option<WorkspaceEdit> {
    let features = encoder.features;
    let moved = match &rename.moved {
        Some((file, path)) => Some((encoder.uri(*file)?, (encoder.address)(path)?)),
        None => None,
    };
    if !features.document_changes {
        let plain = |edits: &NoteEdits| {
            let text_edits = edits.edits.iter().map(|edit| text_edit(edit, edits.note, encoder)).collect();
            Some((encoder.uri(edits.note)?, text_edits))
        };
        let changes: Option<HashMap<Uri, Vec<TextEdit>>> = rename.edits.iter().map(plain).collect();
        return moved
            .is_none()
            .then_some(WorkspaceEdit { changes: Some(changes?), ..WorkspaceEdit::default() });
    }
    if moved.is_some() && !features.renames_files {
        return None;
    }
    let annotation = features.annotates_changes.then(|| LINKS.to_owned());
    let in_note = |edits: &NoteEdits| {
        let text_edits = edits.edits.iter().map(|edit| {
            let text_edit = text_edit(edit, edits.note, encoder);
            match &annotation {
                Some(id) => OneOf::Right(AnnotatedTextEdit { text_edit, annotation_id: id.clone() }),
                None => OneOf::Left(text_edit),
            }
        });
        let uri = encoder.uri(edits.note)?;
        let text_document = OptionalVersionedTextDocumentIdentifier { uri, version: version(edits.note) };
        Some(DocumentChangeOperation::Edit(TextDocumentEdit { text_document, edits: text_edits.collect() }))
    };
    let operations: Option<Vec<DocumentChangeOperation>> = rename.edits.iter().map(in_note).collect();
    let mut operations = operations?;
    let change_annotations = annotation.filter(|_| !operations.is_empty()).map(|id| {
        let label = "Links and names".to_owned();
        HashMap::from([(id, ChangeAnnotation { label, needs_confirmation: None, description: None })])
    });
    if let Some((old_uri, new_uri)) = moved {
        let options = RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
        operations.push(DocumentChangeOperation::Op(ResourceOp::Rename(RenameFile {
            old_uri,
            new_uri,
            options: Some(options),
            annotation_id: None,
        })));
    }
    let document_changes = Some(DocumentChanges::Operations(operations));
    Some(WorkspaceEdit { changes: None, document_changes, change_annotations })
}

/// Two edits as one, the first one's changes first.
pub fn joined_edits(first: Option<WorkspaceEdit>, second: WorkspaceEdit) -> WorkspaceEdit {
    let Some(mut first) = first else { return second };
    if let Some(changes) = second.changes {
        first.changes.get_or_insert_default().extend(changes);
    }
    if let (Some(DocumentChanges::Operations(all)), Some(DocumentChanges::Operations(more))) =
        (&mut first.document_changes, second.document_changes)
    {
        all.extend(more);
    }
    first.change_annotations = first.change_annotations.or(second.change_annotations);
    first
}

/// Whether an edit changes nothing.
pub fn is_empty_edit(edit: &WorkspaceEdit) -> bool {
    let has_changes = edit.changes.as_ref().is_some_and(|changes| !changes.is_empty());
    let has_operations = match &edit.document_changes {
        Some(DocumentChanges::Operations(operations)) => !operations.is_empty(),
        Some(DocumentChanges::Edits(edits)) => !edits.is_empty(),
        None => false,
    };
    !has_changes && !has_operations
}

fn text_edit(edit: &Edit, note: FileId, encoder: &Encoder<'_>) -> TextEdit {
    TextEdit { range: encoder.range(note, edit.span), new_text: edit.new_text.clone() }
}
