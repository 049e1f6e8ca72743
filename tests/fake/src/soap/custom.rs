//! The operations on custom objects.

use std::collections::BTreeSet;

use generated::v3_1::operations::{DeleteCustomObjects, GetCustomObjects, SyncCustomObjects};
use generated::v3_1::{
    ArrayOfAttribute, ArrayOfCustomObj, Attribute, CustomObj, ParamsDeleteCustomObjects, ParamsGetCustomObjects,
    ParamsSyncCustomObjects, ResultDeleteCustomObjects, ResultGetCustomObjects, ResultSyncCustomObjects,
    SuccessDeleteCustomObjects, SuccessGetCustomObjects, SuccessSyncCustomObjects, SyncCustomObjStatus,
    SyncOperationEnum, SyncStatusEnum,
};
use runtime::value::OptNillable;

use super::Call;
use super::fault::{Refusal, refuse};
use super::operations::Execute;
use super::select::{batch, count, page};
use crate::store::{CustomType, Mark, matches};

/// The most objects of one call, and of one page.
const MAX_OBJECTS: usize = 100;

impl Execute for GetCustomObjects {
    fn execute(call: &mut Call<'_>, request: ParamsGetCustomObjects) -> Result<SuccessGetCustomObjects, Refusal> {
        let keys = request.custom_obj_key_list.as_deref().unwrap_or_default();
        let query = format!("getCustomObjects {} {keys:?}", request.obj_type_name);
        let position = request.stream_position.as_deref().filter(|position| !position.is_empty());
        let from = position.map(|position| call.positions.open(&query, position)).transpose()?;
        let size = batch(&request.batch_size, MAX_OBJECTS, MAX_OBJECTS)?;
        let wanted: BTreeSet<&str> = request.include_attributes.iter().map(String::as_str).collect();
        let found = known(call, &request.obj_type_name)?.all().filter(|(_, known, _)| matches(known, keys));
        let found = found.map(|(number, keys, attributes)| {
            let object = CustomObj {
                custom_obj_key_list: ArrayOfAttribute::from(keys.to_vec()).into(),
                custom_obj_attribute_list: only(attributes, &wanted).into(),
            };
            (Mark { time: 0, number }, object)
        });
        let page = page(found, from, size)?;
        let objects: ArrayOfCustomObj = page.items.into_iter().collect();
        Ok(SuccessGetCustomObjects::new(ResultGetCustomObjects {
            obj_type_name: request.obj_type_name.clone(),
            return_count: count(objects.len()),
            remaining_count: count(page.remaining),
            new_stream_position: call.positions.seal(&query, page.mark),
            custom_obj_list: if objects.is_empty() { OptNillable::Nil } else { objects.into() },
        }))
    }
}

impl Execute for SyncCustomObjects {
    fn execute(call: &mut Call<'_>, request: ParamsSyncCustomObjects) -> Result<SuccessSyncCustomObjects, Refusal> {
        few(request.custom_obj_list.len())?;
        let name = &request.obj_type_name;
        known(call, name)?;
        let operation = request.operation.into_value().unwrap_or(SyncOperationEnum::Upsert);
        if let SyncOperationEnum::Unknown(operation) = &operation {
            return Err(refuse(20110, format!("`{operation}` is no operation")));
        }
        let statuses = request.custom_obj_list.into_iter().map(|object| {
            let keys = object.custom_obj_key_list.as_deref().unwrap_or_default();
            let attributes = object.custom_obj_attribute_list.as_deref().unwrap_or_default();
            let (is_key, found) =
                known(call, name).map_or((false, None), |type_| (type_.is_key(keys), type_.find(keys)));
            let (status, error) = match (found, &operation) {
                _ if !is_key => (SyncStatusEnum::Failed, Some("these are not the attributes of the key")),
                (Some(_), SyncOperationEnum::Insert) => (SyncStatusEnum::Failed, Some("there already")),
                (None, SyncOperationEnum::Update) => (SyncStatusEnum::Failed, Some("not found")),
                (Some(_), _) => (SyncStatusEnum::Updated, None),
                (None, _) => (SyncStatusEnum::Created, None),
            };
            if error.is_none() {
                call.store.put_custom(name, keys, attributes);
            }
            outcome(name, object.custom_obj_key_list.clone(), status, error)
        });
        let statuses: Vec<_> = statuses.collect();
        Ok(SuccessSyncCustomObjects::new(ResultSyncCustomObjects::new(statuses)))
    }
}

impl Execute for DeleteCustomObjects {
    fn execute(call: &mut Call<'_>, request: ParamsDeleteCustomObjects) -> Result<SuccessDeleteCustomObjects, Refusal> {
        few(request.custom_obj_key_lists.len())?;
        let name = &request.obj_type_name;
        known(call, name)?;
        let statuses = request.custom_obj_key_lists.into_iter().map(|keys| {
            let is_key = known(call, name).is_ok_and(|type_| type_.is_key(&keys));
            let (status, error) = if is_key && call.store.remove_custom(name, &keys) {
                (SyncStatusEnum::Deleted, None)
            } else {
                (SyncStatusEnum::Failed, Some("not found"))
            };
            outcome(name, keys.into(), status, error)
        });
        let statuses: Vec<_> = statuses.collect();
        Ok(SuccessDeleteCustomObjects::new(ResultDeleteCustomObjects::new(statuses)))
    }
}

fn known<'a>(call: &'a Call<'_>, name: &str) -> Result<&'a CustomType, Refusal> {
    call.store.custom_type(name).ok_or_else(|| refuse(20110, format!("there is no custom object `{name}`")))
}

fn few(objects: usize) -> Result<(), Refusal> {
    match objects {
        0 => Err(refuse(20109, "an object is required")),
        1..=MAX_OBJECTS => Ok(()),
        many => Err(refuse(20110, format!("{many} objects are more than {MAX_OBJECTS}"))),
    }
}

/// The attributes that are wanted; without names, all.
fn only(attributes: &[Attribute], wanted: &BTreeSet<&str>) -> ArrayOfAttribute {
    let is_wanted = |known: &&Attribute| wanted.is_empty() || wanted.contains(&*known.attr_name);
    attributes.iter().filter(is_wanted).cloned().collect()
}

fn outcome(
    name: &str,
    keys: OptNillable<ArrayOfAttribute>,
    status: SyncStatusEnum,
    error: Option<&str>,
) -> SyncCustomObjStatus {
    let error = error.map_or(OptNillable::Nil, |error| error.to_owned().into());
    SyncCustomObjStatus { obj_type_name: name.to_owned(), custom_obj_key_list: keys, status, error }
}
