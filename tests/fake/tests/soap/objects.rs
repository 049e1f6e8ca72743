//! MObjects and custom objects.

use fake::Fake;
use generated::v3_1::operations::*;
use generated::v3_1::*;
use runtime::value::AnySimple;

use crate::caller::{call, start};

fn found(fake: &Fake, request: ParamsGetMObjects) -> Result<Vec<i32>, u32> {
    let result = call::<GetMObjects>(fake, request)?.result;
    assert!(!result.has_more);
    Ok(result.m_object_list.unwrap_or_default().iter().map(|object| object.id.unwrap()).collect())
}

#[test]
fn types_are_listed_and_described() {
    let fake = start();
    let objects = call::<ListMObjects>(&fake, ParamsListMObjects::new()).unwrap().result.objects;
    assert_eq!(objects, ["ActivityRecord", "LeadRecord", "Opportunity", "OpportunityPersonRole", "Program", "car_c"]);
    for name in objects {
        let metadata =
            call::<DescribeMObject>(&fake, ParamsDescribeMObject::new(name.clone())).unwrap().result.metadata;
        assert_eq!(metadata.name, name);
        assert!(metadata.field_list.iter().any(|field| field.is_primary_key));
    }
    assert_eq!(call::<DescribeMObject>(&fake, ParamsDescribeMObject::new("Lead")).unwrap_err(), 20110);
}

#[test]
fn objects_are_found() {
    let fake = start();
    let of = || ParamsGetMObjects::new("Opportunity");
    assert_eq!(found(&fake, of()), Ok(vec![41, 42]));
    assert_eq!(found(&fake, of().id(42)), Ok(vec![42]));
    assert_eq!(found(&fake, of().external_key(Attrib::new("opportunityId", "A-1"))), Ok(vec![41]));
    assert_eq!(found(&fake, of().m_obj_association_list([MObjAssociation::new("Lead").id(1)])), Ok(vec![41]));
    let with = |name: &str, comparison, value: &str| {
        let criteria = MObjCriteria::new(name, comparison, AnySimple::from(value));
        found(&fake, of().m_obj_criteria_list([criteria]))
    };
    assert_eq!(with("Amount", ComparisonEnum::Gt, "100"), Ok(vec![42]));
    assert_eq!(with("Amount", ComparisonEnum::Ge, "100.0"), Ok(vec![41, 42]));
    assert_eq!(with("Amount", ComparisonEnum::Lt, "2000"), Ok(vec![41]));
    assert_eq!(with("Amount", ComparisonEnum::Ne, "100"), Ok(vec![42]));
    assert_eq!(with("Name", ComparisonEnum::Eq, "Cars"), Ok(vec![41, 42]));
    assert_eq!(with("Created At", ComparisonEnum::Gt, "2020-01-01T00:00:00Z"), Ok(vec![41, 42]));
    assert_eq!(with("Created At", ComparisonEnum::Le, "2020-01-01T00:00:00Z"), Ok(vec![]));
    assert_eq!(with("Amount", ComparisonEnum::from("LIKE"), "1"), Err(20110));
    assert_eq!(found(&fake, ParamsGetMObjects::new("Boat")), Err(20110));

    let details = |details| {
        let request = of().id(41).include_details(details);
        call::<GetMObjects>(&fake, request).unwrap().result.m_object_list.unwrap()[0].clone()
    };
    assert!(details(true).association_list.is_some() && details(false).association_list.is_none());
}

#[test]
fn objects_come_in_pages_of_a_hundred() {
    let fake = start();
    for _ in 0..101 {
        fake.store().add_object(MObject::new("Program"));
    }
    let request = ParamsGetMObjects::new("Program");
    let first = call::<GetMObjects>(&fake, request.clone()).unwrap().result;
    assert_eq!((first.return_count, first.has_more), (100, true));
    let second = call::<GetMObjects>(&fake, request.clone().stream_position(first.new_stream_position)).unwrap().result;
    assert_eq!((second.return_count, second.has_more), (1, false));
    let end = request.stream_position(second.new_stream_position);
    assert_eq!(call::<GetMObjects>(&fake, end).unwrap_err(), 20123);
    let other = ParamsGetMObjects::new("Opportunity").stream_position("x");
    assert_eq!(call::<GetMObjects>(&fake, other).unwrap_err(), 20122);
}

#[test]
fn objects_are_synced_and_deleted() {
    let fake = start();
    let sync = |object: MObject, operation: SyncOperationEnum| {
        let result = call::<SyncMObjects>(&fake, ParamsSyncMObjects::new([object], operation)).unwrap().result;
        let status = &result.m_obj_status_list[0];
        (status.status.as_str().to_owned(), status.id.value().copied())
    };
    use SyncOperationEnum::{Insert, Update, Upsert};
    let named = |key: &str, name: &str| {
        let object = MObject::new("Opportunity").external_key(Attrib::new("opportunityId", key));
        object.attrib_list([Attrib::new("Name", name)])
    };
    let (status, id) = sync(named("B-1", "Boats"), Upsert);
    assert_eq!(status, "CREATED");
    assert_eq!(sync(named("B-1", "Boats"), Upsert), ("UNCHANGED".to_owned(), id));
    assert_eq!(sync(named("B-1", "Ships"), Upsert), ("UPDATED".to_owned(), id));
    assert_eq!(sync(named("B-1", "Ships"), Insert), ("SKIPPED".to_owned(), id));
    assert_eq!(sync(named("B-2", "Ships"), Update), ("FAILED".to_owned(), None));
    assert_eq!(sync(MObject::new("Opportunity").id(77), Upsert), ("FAILED".to_owned(), Some(77)));
    assert_eq!(sync(MObject::new("Boat"), Upsert), ("FAILED".to_owned(), None));
    let ships = fake.store().object(id.unwrap()).cloned().unwrap();
    assert_eq!(ships.attrib_list.as_deref().unwrap(), [Attrib::new("Name", "Ships")]);

    let delete = |objects: Vec<MObject>| {
        let result = call::<DeleteMObjects>(&fake, ParamsDeleteMObjects::new(objects))?.result;
        Ok::<_, u32>(
            result.m_obj_status_list.iter().map(|status| status.status.as_str().to_owned()).collect::<Vec<_>>(),
        )
    };
    let objects = vec![named("B-1", ""), MObject::new("Opportunity").id(77)];
    assert_eq!(delete(objects), Ok(vec!["DELETED".to_owned(), "SKIPPED".to_owned()]));
    assert!(fake.store().object(id.unwrap()).is_none());
    assert_eq!(delete(vec![]), Err(20109));
    assert_eq!(delete(vec![MObject::new("Opportunity"); 101]), Err(20110));
}

fn roadshow(id: &str) -> ArrayOfAttribute {
    ArrayOfAttribute::from([Attribute::new("id", id)])
}

#[test]
fn custom_objects_are_read_in_pages() {
    let fake = start();
    let of = || ParamsGetCustomObjects::new("Roadshow", ["city"]);
    let first = call::<GetCustomObjects>(&fake, of().batch_size(2)).unwrap().result;
    assert_eq!((first.return_count, first.remaining_count), (2, 1));
    let object = &first.custom_obj_list.as_deref().unwrap()[0];
    assert_eq!(object.custom_obj_attribute_list.as_deref().unwrap(), [Attribute::new("city", "City 1")]);
    let second = call::<GetCustomObjects>(&fake, of().stream_position(first.new_stream_position)).unwrap().result;
    assert_eq!((second.return_count, second.remaining_count), (1, 0));
    let end = of().stream_position(second.new_stream_position);
    assert_eq!(call::<GetCustomObjects>(&fake, end).unwrap_err(), 20123);
    let keyed = of().custom_obj_key_list(roadshow("3"));
    assert_eq!(call::<GetCustomObjects>(&fake, keyed).unwrap().result.return_count, 1);
    let none = call::<GetCustomObjects>(&fake, of().custom_obj_key_list(roadshow("9"))).unwrap().result;
    assert!(none.custom_obj_list.is_nil() && none.return_count == 0);
    assert_eq!(call::<GetCustomObjects>(&fake, ParamsGetCustomObjects::new("Boat", [""; 0])).unwrap_err(), 20110);
}

#[test]
fn custom_objects_are_synced_and_deleted() {
    let fake = start();
    let object = |keys: ArrayOfAttribute| {
        CustomObj::new().custom_obj_key_list(keys).custom_obj_attribute_list([Attribute::new("city", "New")])
    };
    let sync = |keys: ArrayOfAttribute, operation: SyncOperationEnum| {
        let request = ParamsSyncCustomObjects::new("Roadshow", [object(keys)]).operation(operation);
        let result = call::<SyncCustomObjects>(&fake, request).unwrap().result;
        result.sync_custom_obj_status_list[0].status.as_str().to_owned()
    };
    use SyncOperationEnum::{Insert, Update, Upsert};
    assert_eq!(sync(roadshow("4"), Upsert), "CREATED");
    assert_eq!(sync(roadshow("1"), Upsert), "UPDATED");
    assert_eq!(sync(roadshow("1"), Insert), "FAILED");
    assert_eq!(sync(roadshow("5"), Update), "FAILED");
    assert_eq!(sync(ArrayOfAttribute::from([Attribute::new("name", "1")]), Upsert), "FAILED");
    let first = fake.store().custom_objects("Roadshow").next().unwrap();
    assert_eq!(first.custom_obj_attribute_list.as_deref().unwrap()[0].attr_value, "New");

    let request = ParamsDeleteCustomObjects::new("Roadshow", [roadshow("4"), roadshow("9")]);
    let result = call::<DeleteCustomObjects>(&fake, request).unwrap().result;
    let statuses: Vec<_> = result.delete_custom_obj_status_list.iter().map(|status| status.status.as_str()).collect();
    assert_eq!(statuses, ["DELETED", "FAILED"]);
    assert_eq!(fake.store().custom_objects("Roadshow").count(), 3);
    let many = ParamsSyncCustomObjects::new("Roadshow", vec![object(roadshow("1")); 101]);
    assert_eq!(call::<SyncCustomObjects>(&fake, many).unwrap_err(), 20110);
}
