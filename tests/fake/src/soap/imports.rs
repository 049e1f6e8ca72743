//! `importToList` and `getImportToListStatus`.

use generated::v3_1::operations::{GetImportToListStatus, ImportToList};
use generated::v3_1::{
    Attribute, ImportToListModeEnum, ImportToListStatusEnum, LeadKey, LeadKeyRef, LeadRecord,
    ParamsGetImportToListStatus, ParamsImportToList, ResultGetImportToListStatus, ResultImportToList,
    SuccessGetImportToListStatus, SuccessImportToList,
};
use jiff::SignedDuration;
use runtime::value::OptNillable;

use super::Call;
use super::fault::{Refusal, refuse};
use super::operations::Execute;
use super::select::count;
use crate::store::date_time;

/// The status of an import may be asked for once in this time.
const WAIT: SignedDuration = SignedDuration::from_mins(1);

impl Execute for ImportToList {
    fn execute(call: &mut Call<'_>, request: ParamsImportToList) -> Result<SuccessImportToList, Refusal> {
        if !call.store.programs().iter().any(|program| program.name == request.program_name) {
            return Err(refuse(20110, format!("there is no program `{}`", request.program_name)));
        }
        let creates = match request.import_list_mode {
            ImportToListModeEnum::UpsertLeads => true,
            ImportToListModeEnum::ListOnly => false,
            other => return Err(refuse(20110, format!("`{}` is no mode", other.as_str()))),
        };
        if let Some(name) = request.campaign_name.value().filter(|name| !name.is_empty())
            && !call.store.campaigns().iter().any(|campaign| campaign.record.name == *name)
        {
            return Err(refuse(20113, "Campaign not found"));
        }
        let header = fields(&request.import_file_header);
        let email = header
            .iter()
            .position(|name| name.eq_ignore_ascii_case("email") || name.eq_ignore_ascii_case("email address"));
        let email = email.ok_or_else(|| refuse(20110, "importFileHeader has no column `Email Address`"))?;

        let list = call.store.add_list(request.list_name.clone());
        if let Some(list) = call.store.list_mut(list).filter(|_| request.clear_list) {
            list.members.clear();
        }
        let [mut imported, mut failed, mut ignored] = [0; 3];
        for row in &request.import_file_rows {
            let row = fields(row);
            match row.get(email).filter(|email| !email.is_empty()) {
                Some(address) if row.len() == header.len() => {
                    let found = call.store.find(&LeadKey::new(LeadKeyRef::Email, address.clone())).first().copied();
                    let id = match found {
                        Some(id) if creates => {
                            call.store.update_lead(id, &record(&header, &row, email));
                            id
                        }
                        Some(id) => id,
                        None if creates => call.store.create_lead(&record(&header, &row, email)),
                        None => {
                            ignored += 1;
                            continue;
                        }
                    };
                    imported += 1;
                    if let Some(list) = call.store.list_mut(list) {
                        list.members.insert(id);
                    }
                }
                _ => failed += 1,
            }
        }
        call.store.add_import(request.program_name, request.list_name, [imported, failed, ignored]);
        Ok(SuccessImportToList::new(ResultImportToList::new(ImportToListStatusEnum::Processing)))
    }
}

impl Execute for GetImportToListStatus {
    fn execute(
        call: &mut Call<'_>,
        request: ParamsGetImportToListStatus,
    ) -> Result<SuccessGetImportToListStatus, Refusal> {
        let (Some(program), Some(list)) = (&request.program_name, &request.list_name) else {
            return Err(refuse(20109, "programName and listName are required"));
        };
        let now = call.now;
        let imports = call.store.imports_mut();
        let import = imports.iter_mut().rfind(|import| import.program == *program && import.list == *list);
        let import = import.ok_or_else(|| refuse(20111, "List not found: nothing was imported into it"))?;
        if import.asked.is_some_and(|asked| now.duration_since(asked) < WAIT) {
            return Err(refuse(20023, "the status of an import may be asked for once a minute"));
        }
        import.asked = Some(now);
        let ended = now >= import.ends;
        let of_ended = |number| if ended { OptNillable::Value(count(number)) } else { OptNillable::Nil };
        let rows = import.imported + import.failed + import.ignored;
        let left = import.ends.duration_since(now).as_secs().max(0);
        let summary = format!("{} of {rows} rows imported", import.imported);
        Ok(SuccessGetImportToListStatus::new(ResultGetImportToListStatus {
            status: if ended { import.ending.clone() } else { ImportToListStatusEnum::Processing },
            started_time: date_time(import.started).into(),
            ended_time: if ended { date_time(import.ends).into() } else { OptNillable::Nil },
            estimated_time: i32::try_from(left).unwrap_or(i32::MAX).into(),
            estimated_rows: count(rows).into(),
            rows_imported: of_ended(import.imported),
            rows_failed: of_ended(import.failed),
            rows_ignored: of_ended(import.ignored),
            import_summary: if ended { summary.into() } else { OptNillable::Nil },
        }))
    }
}

fn record(header: &[String], row: &[String], email: usize) -> LeadRecord {
    let others = header.iter().zip(row).enumerate().filter(|(at, _)| *at != email);
    let attributes: Vec<_> = others.map(|(_, (name, value))| Attribute::new(name.clone(), value.clone())).collect();
    LeadRecord::new().email(row[email].clone()).lead_attribute_list(attributes)
}

/// The fields of a line of comma-separated values, quoted ones without their quotes (RFC 4180, section 2).
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let field = fields.len() - 1;
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                fields[field].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields[field].push(character),
        }
    }
    if !line.contains('"') {
        fields.iter_mut().for_each(|field| *field = field.trim().to_owned());
    }
    fields
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_have_fields() {
        assert_eq!(super::fields(r#"a, b,"c ""d"", e",,"#), ["a", " b", r#"c "d", e"#, "", ""]);
        assert_eq!(super::fields("a, b"), ["a", "b"]);
        assert_eq!(super::fields(""), [""]);
    }
}
