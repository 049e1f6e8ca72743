//! The operations on MObjects.

use std::cmp::Ordering;

use generated::v3_1::operations::{DeleteMObjects, DescribeMObject, GetMObjects, ListMObjects, SyncMObjects};
use generated::v3_1::{
    ArrayOfAttrib, ArrayOfMObject, Attrib, ComparisonEnum, MObjAssociation, MObjCriteria, MObjStatus, MObjStatusEnum,
    MObject, ParamsDeleteMObjects, ParamsDescribeMObject, ParamsGetMObjects, ParamsListMObjects, ParamsSyncMObjects,
    ResultDeleteMObjects, ResultDescribeMObject, ResultGetMObjects, ResultListMObjects, ResultSyncMObjects,
    SuccessDeleteMObjects, SuccessDescribeMObject, SuccessGetMObjects, SuccessListMObjects, SuccessSyncMObjects,
    SyncOperationEnum,
};
use runtime::value::Nillable;

use super::fault::{Refusal, refuse};
use super::operations::Execute;
use super::select::{count, page};
use super::{Call, Version};
use crate::store::{Mark, timestamp};

/// The most objects of one call, and of one page.
const MAX_OBJECTS: usize = 100;

impl Execute for ListMObjects {
    fn execute(call: &mut Call<'_>, _: ParamsListMObjects) -> Result<SuccessListMObjects, Refusal> {
        let objects = call.store.object_types().iter().map(|type_| type_.name.clone()).collect();
        Ok(SuccessListMObjects::new(ResultListMObjects { objects }))
    }
}

impl Execute for DescribeMObject {
    fn execute(call: &mut Call<'_>, request: ParamsDescribeMObject) -> Result<SuccessDescribeMObject, Refusal> {
        let name = &request.object_name;
        let found = call.store.object_types().iter().find(|type_| type_.name == *name).cloned();
        let metadata = found.ok_or_else(|| refuse(20110, format!("there is no object `{name}`")))?;
        Ok(SuccessDescribeMObject::new(ResultDescribeMObject::new(metadata)))
    }
}

impl Execute for GetMObjects {
    fn execute(call: &mut Call<'_>, request: ParamsGetMObjects) -> Result<SuccessGetMObjects, Refusal> {
        known(call, &request.r#type)?;
        let query = format!("getMObjects {:?}", ParamsGetMObjects { stream_position: None, ..request.clone() });
        let position = request.stream_position.as_deref().filter(|position| !position.is_empty());
        let from = position.map(|position| call.positions.open(&query, position)).transpose()?;
        let criteria = request.m_obj_criteria_list.as_deref().unwrap_or_default();
        if let Some(bad) = criteria.iter().find(|criteria| matches!(criteria.comparison, ComparisonEnum::Unknown(_))) {
            return Err(refuse(20110, format!("`{}` is no comparison", bad.comparison.as_str())));
        }
        let associations = request.m_obj_association_list.as_deref().unwrap_or_default();
        let found = call.store.objects().filter(|object| {
            object.r#type == request.r#type
                && request.id.is_none_or(|id| object.id == Some(id))
                && request.external_key.as_ref().is_none_or(|key| object.external_key.as_ref() == Some(key))
                && criteria.iter().all(|criteria| meets(object, criteria))
                && associations.iter().all(|wanted| is_associated(object, wanted))
        });
        let found = found.map(|object| (Mark { time: 0, number: object.id.unwrap_or_default().into() }, object));
        let page = page(found, from, MAX_OBJECTS)?;
        let details = request.include_details.unwrap_or(true);
        let objects: ArrayOfMObject = page.items.into_iter().map(|object| shown(object, details)).collect();
        Ok(SuccessGetMObjects::new(ResultGetMObjects {
            return_count: count(objects.len()),
            has_more: page.remaining > 0,
            new_stream_position: call.positions.seal(&query, page.mark),
            m_object_list: (!objects.is_empty()).then_some(objects),
        }))
    }
}

impl Execute for SyncMObjects {
    fn execute(call: &mut Call<'_>, request: ParamsSyncMObjects) -> Result<SuccessSyncMObjects, Refusal> {
        few(&request.m_object_list)?;
        if let SyncOperationEnum::Unknown(operation) = &request.operation {
            return Err(refuse(20110, format!("`{operation}` is no operation")));
        }
        let statuses: Vec<_> =
            request.m_object_list.into_iter().map(|object| sync(call, object, &request.operation)).collect();
        Ok(SuccessSyncMObjects::new(ResultSyncMObjects::new(statuses)))
    }
}

impl Execute for DeleteMObjects {
    fn execute(call: &mut Call<'_>, request: ParamsDeleteMObjects) -> Result<SuccessDeleteMObjects, Refusal> {
        few(&request.m_object_list)?;
        let statuses = request.m_object_list.into_iter().map(|object| {
            let found = call.store.find_object(&object.r#type, object.id, object.external_key.as_ref());
            match found {
                Some(id) => {
                    call.store.remove_object(id);
                    status(call, Some(id), object.external_key, MObjStatusEnum::Deleted, None)
                }
                None => status(call, object.id, object.external_key, MObjStatusEnum::Skipped, Some("not found")),
            }
        });
        let statuses: Vec<_> = statuses.collect();
        Ok(SuccessDeleteMObjects::new(ResultDeleteMObjects::new(statuses)))
    }
}

fn known(call: &Call<'_>, type_: &str) -> Result<(), Refusal> {
    let known = call.store.object_types().iter().any(|known| known.name == type_);
    if known { Ok(()) } else { Err(refuse(20110, format!("there is no object `{type_}`"))) }
}

fn few(objects: &[MObject]) -> Result<(), Refusal> {
    match objects.len() {
        0 => Err(refuse(20109, "an object is required")),
        1..=MAX_OBJECTS => Ok(()),
        many => Err(refuse(20110, format!("{many} objects are more than {MAX_OBJECTS}"))),
    }
}

fn sync(call: &mut Call<'_>, mut object: MObject, operation: &SyncOperationEnum) -> MObjStatus {
    let key = object.external_key.clone();
    if known(call, &object.r#type).is_err() {
        return status(call, object.id, key, MObjStatusEnum::Failed, Some("no such object"));
    }
    let found = call.store.find_object(&object.r#type, object.id, key.as_ref());
    match (found, operation) {
        (Some(id), SyncOperationEnum::Insert) => {
            status(call, Some(id), key, MObjStatusEnum::Skipped, Some("there already"))
        }
        (None, SyncOperationEnum::Update) => status(call, object.id, key, MObjStatusEnum::Failed, Some("not found")),
        (None, _) if object.id.is_some() => status(call, object.id, key, MObjStatusEnum::Failed, Some("not found")),
        (None, _) => {
            let id = call.store.add_object(object);
            status(call, Some(id), key, MObjStatusEnum::Created, None)
        }
        (Some(id), _) => {
            let Some(old) = call.store.object(id).cloned() else {
                return status(call, Some(id), key, MObjStatusEnum::Failed, Some("not found"));
            };
            let attributes = merged(old.attrib_list.clone(), object.attrib_list.take());
            let new = MObject {
                external_key: key.clone().or_else(|| old.external_key.clone()),
                attrib_list: attributes,
                type_attrib_list: object.type_attrib_list.or_else(|| old.type_attrib_list.clone()),
                association_list: object.association_list.or_else(|| old.association_list.clone()),
                ..old.clone()
            };
            if new == old {
                return status(call, Some(id), key, MObjStatusEnum::Unchanged, None);
            }
            call.store.add_object(MObject { updated_at: None, ..new });
            status(call, Some(id), key, MObjStatusEnum::Updated, None)
        }
    }
}

fn merged(old: Option<ArrayOfAttrib>, new: Option<ArrayOfAttrib>) -> Option<ArrayOfAttrib> {
    let Some(new) = new else { return old };
    let mut all = old.unwrap_or_default();
    for new in new {
        match all.attrib.iter_mut().find(|old| old.name == new.name) {
            Some(old) => old.value = new.value,
            None => all.attrib.push(new),
        }
    }
    Some(all)
}

fn status(
    call: &Call<'_>,
    id: Option<i32>,
    external_key: Option<Attrib>,
    status: MObjStatusEnum,
    error: Option<&str>,
) -> MObjStatus {
    // Before 2_7 an id could not be nil.
    let none = if call.version < Version::V2_7 { Nillable::Value(0) } else { Nillable::Nil };
    MObjStatus { id: id.map_or(none, Nillable::Value), external_key, status, error: error.map(str::to_owned) }
}

fn shown(object: &MObject, details: bool) -> MObject {
    let object = object.clone();
    if details { object } else { MObject { type_attrib_list: None, association_list: None, ..object } }
}

fn is_associated(object: &MObject, wanted: &MObjAssociation) -> bool {
    let associations = object.association_list.as_deref().unwrap_or_default();
    associations.iter().any(|known| {
        known.m_obj_type == wanted.m_obj_type
            && (wanted.id.is_none() || known.id == wanted.id)
            && (wanted.external_key.is_none() || known.external_key == wanted.external_key)
    })
}

fn meets(object: &MObject, criteria: &MObjCriteria) -> bool {
    let attributes = object.attrib_list.as_deref().unwrap_or_default();
    let id = object.id.unwrap_or_default().to_string();
    let at = |at: &Option<_>| at.as_ref().map(|at| timestamp(at).to_string()).unwrap_or_default();
    let (created, updated) = (at(&object.created_at), at(&object.updated_at));
    let value = match &*criteria.attr_name {
        "Id" => Some(&*id),
        "Created At" => Some(&*created),
        "Updated At" => Some(&*updated),
        name => attributes.iter().find(|known| known.name == name).map(|known| &*known.value),
    };
    let Some(value) = value else { return criteria.comparison == ComparisonEnum::Ne };
    let order = compare(value, &criteria.attr_value.text);
    match criteria.comparison {
        ComparisonEnum::Eq => order.is_eq(),
        ComparisonEnum::Ne => order.is_ne(),
        ComparisonEnum::Lt => order.is_lt(),
        ComparisonEnum::Le => order.is_le(),
        ComparisonEnum::Gt => order.is_gt(),
        ComparisonEnum::Ge => order.is_ge(),
        _ => false,
    }
}

/// As numbers, or else as moments, or else as text.
fn compare(a: &str, b: &str) -> Ordering {
    if let (Ok(a), Ok(b)) = (a.parse::<f64>(), b.parse::<f64>()) {
        return a.total_cmp(&b);
    }
    match (a.parse(), b.parse()) {
        (Ok(a), Ok(b)) => timestamp(&a).cmp(&timestamp(&b)),
        _ => a.cmp(b),
    }
}
