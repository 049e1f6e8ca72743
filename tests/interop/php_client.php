<?php
// PHP's SoapClient as a client of the fake, built from our WSDL: every operation, all selectors, nil, and faults.
//
// usage: php php_client.php <wsdl> <soap address> <user> <key>

const NS = 'http://www.marketo.com/mktows/';

// A value of a type that is derived from an abstract one.
function of(string $type, array $fields): SoapVar
{
    return new SoapVar((object) $fields, SOAP_ENC_OBJECT, $type, NS);
}

function key_of(string $type, string $value): array
{
    return ['keyType' => $type, 'keyValue' => $value];
}

function attributes(array $values): array
{
    $attribute = fn ($name, $value) => ['attrName' => $name, 'attrValue' => $value];
    return ['attribute' => array_map($attribute, array_keys($values), $values)];
}

function same(mixed $expected, mixed $got, string $what): void
{
    if ($expected !== $got) {
        throw new Exception("$what: expected " . json_encode($expected) . ', got ' . json_encode($got));
    }
}

final class Caller
{
    public array $called = [];
    private SoapClient $client;

    public function __construct(string $wsdl, string $address, private string $user, private string $key)
    {
        $this->client = new SoapClient($wsdl, [
            'location' => $address,
            'soap_version' => SOAP_1_1,
            'cache_wsdl' => WSDL_CACHE_NONE,
            'exceptions' => true,
            'trace' => true,
            'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
            'connection_timeout' => 30,
        ]);
    }

    public function operations(): array
    {
        preg_match_all('/ (\w+)\(/', implode("\n", $this->client->__getFunctions()), $found);
        return array_unique($found[1]);
    }

    // What went over the wire last.
    public function sent(): string
    {
        return $this->client->__getLastRequest();
    }

    public function call(string $operation, array $request, array $headers = [], ?string $signature = null): mixed
    {
        $this->called[$operation] = true;
        $now = gmdate('Y-m-d\TH:i:s+00:00');
        $signature ??= hash_hmac('sha1', $now . $this->user, $this->key);
        $block = ['mktowsUserId' => $this->user, 'requestSignature' => $signature, 'requestTimestamp' => $now];
        $headers[] = new SoapHeader(NS, 'AuthenticationHeader', (object) $block);
        return $this->client->__soapCall($operation, [(object) $request], null, $headers);
    }

    public function fault(string $code, string $operation, array $request, ?string $signature = null): void
    {
        try {
            $answer = $this->call($operation, $request, [], $signature);
        } catch (SoapFault $fault) {
            same(true, str_starts_with($fault->getMessage(), "$code - "), "the fault of $operation: " . $fault->getMessage());
            same($code, (string) $fault->detail->serviceException->code, "the detail's code");
            return;
        }
        throw new Exception("$operation: expected fault $code, got " . json_encode($answer));
    }
}

function ids(object $result): array
{
    return array_map(fn ($record) => $record->Id, $result->leadRecordList->leadRecord);
}

function leads(Caller $call): void
{
    $lead = $call->call('getLead', ['leadKey' => key_of('EMAIL', 'ann@example.com')])->result;
    same(1, $lead->count, 'count');
    $record = $lead->leadRecordList->leadRecord[0];
    same([1, 'ann@example.com', 'SFDC'], [$record->Id, $record->Email, $record->ForeignSysType], 'the lead');
    same("O'Neil & Søn <1>", $record->leadAttributeList->attribute[1]->attrValue, 'a value with markup');
    $record = $call->call('getLead', ['leadKey' => key_of('IDNUM', '2')])->result->leadRecordList->leadRecord[0];
    same(null, $record->ForeignSysPersonId, 'nil');
    $call->fault('20103', 'getLead', ['leadKey' => key_of('IDNUM', '77')]);
    $call->fault('20014', 'getLead', ['leadKey' => key_of('IDNUM', '1')], str_repeat('0', 40));

    $select = fn (SoapVar $selector, array $more = []) =>
        $call->call('getMultipleLeads', ['leadSelector' => $selector] + $more)->result;
    $keys = ['keyType' => 'EMAIL', 'keyValues' => ['stringItem' => ['bob@example.com', 'ann@example.com']]];
    same([1, 2], ids($select(of('LeadKeySelector', $keys))), 'by key');
    same(true, str_contains($call->sent(), 'xsi:type="ns1:LeadKeySelector"'), 'the type that is written');
    same([1, 2], ids($select(of('StaticListSelector', ['staticListName' => 'Newsletter']))), 'by list');
    $since = of('LastUpdateAtSelector', ['oldestUpdatedAt' => gmdate('Y-m-d\TH:i:s\Z', time() - 86400)]);
    $first = $select($since, ['batchSize' => 3]);
    same([[1, 2, 3], 2], [ids($first), $first->remainingCount], 'the first page');
    $second = $select($since, ['batchSize' => 3, 'streamPosition' => $first->newStreamPosition]);
    same([[4, 5], 0], [ids($second), $second->remainingCount], 'the second page');
    $end = ['leadSelector' => $since, 'streamPosition' => $second->newStreamPosition];
    $call->fault('20123', 'getMultipleLeads', $end);
    $call->fault('20109', 'getMultipleLeads', []);

    $workspace = new SoapHeader(NS, 'MktowsContextHeader', (object) ['targetWorkspace' => 'Default']);
    $new = ['Email' => 'new@example.com', 'leadAttributeList' => attributes(['FirstName' => 'Née'])];
    $request = ['leadRecord' => $new, 'returnLead' => true, 'marketoCookie' => null];
    $result = $call->call('syncLead', $request, [$workspace])->result;
    same('CREATED', $result->syncStatus->status, 'syncLead');
    same($result->leadId, $result->leadRecord->Id, 'the lead that comes back');
    $records = [['Id' => 3, 'Email' => null], ['Id' => 77], ['Email' => 'twin@example.com']];
    $request = ['leadRecordList' => ['leadRecord' => $records], 'dedupEnabled' => false];
    $statuses = $call->call('syncMultipleLeads', $request)->result->syncStatusList->syncStatus;
    same(['UPDATED', 'FAILED', 'CREATED'], array_map(fn ($each) => $each->status, $statuses), 'syncMultipleLeads');
    $third = $call->call('getLead', ['leadKey' => key_of('IDNUM', '3')])->result->leadRecordList->leadRecord[0];
    same(null, $third->Email, 'nil that was sent');
    $losing = ['keyList' => [attributes(['IDNUM' => '5'])]];
    $request = ['winningLeadKeyList' => attributes(['IDNUM' => '4']), 'losingLeadKeyLists' => $losing];
    $merged = $call->call('mergeLeads', $request)->result->mergeStatus;
    same(['MERGED', [5]], [$merged->status, $merged->losingLeadIdList->integerItem], 'mergeLeads');
}

function activities(Caller $call): void
{
    $request = ['leadKey' => key_of('IDNUM', '1'), 'batchSize' => 2];
    $page = $call->call('getLeadActivity', $request)->leadActivityList;
    same([101, 102], array_map(fn ($each) => $each->id, $page->activityRecordList->activityRecord), 'activities');
    $page = $call->call('getLeadActivity', $request + ['startPosition' => $page->newStartPosition])->leadActivityList;
    same([103, 0], [$page->activityRecordList->activityRecord[0]->id, $page->remainingCount], 'the next page');

    $since = ['oldestCreatedAt' => '2020-01-01T00:00:00Z', 'offset' => null];
    $selector = of('LeadKeySelector', ['keyType' => 'IDNUM', 'keyValues' => ['stringItem' => ['2']]]);
    $names = ['stringItem' => ['Visit Webpage']];
    $request = ['startPosition' => $since, 'activityNameFilter' => $names, 'leadSelector' => $selector];
    $page = $call->call('getLeadChanges', $request)->result;
    same([104], array_map(fn ($each) => $each->id, $page->leadChangeRecordList->leadChangeRecord), 'changes');
}

function lists(Caller $call): void
{
    $list = ['keyType' => 'MKTOLISTNAME', 'keyValue' => 'Newsletter'];
    $members = ['leadKey' => [key_of('IDNUM', '3'), key_of('IDNUM', '77')]];
    $request = ['listOperation' => 'ADDTOLIST', 'listKey' => $list, 'listMemberList' => $members, 'strict' => false];
    $done = $call->call('listOperation', $request)->result;
    same([true, false], array_map(fn ($each) => $each->status, $done->statusList->leadStatus), 'listOperation');
    $call->fault('20111', 'listOperation', ['listKey' => ['keyType' => 'MKTOLISTNAME', 'keyValue' => 'Other']] + $request);
    $rows = ['stringItem' => ['ann@example.com,Anna', 'dan@example.com,Dan']];
    $request = ['programName' => 'Spring', 'importFileHeader' => 'Email Address,FirstName', 'importFileRows' => $rows,
        'importListMode' => 'UPSERTLEADS', 'listName' => 'Guests', 'clearList' => false, 'campaignName' => null];
    same('PROCESSING', $call->call('importToList', $request)->result->importStatus, 'importToList');
    $result = $call->call('getImportToListStatus', ['programName' => 'Spring', 'listName' => 'Guests'])->result;
    same(['PROCESSING', 2, null], [$result->status, $result->estimatedRows, $result->rowsImported], 'its status');
}

function campaigns(Caller $call): void
{
    $found = $call->call('getCampaignsForSource', ['source' => 'MKTOWS', 'name' => null])->result;
    same([21, 31], array_map(fn ($each) => $each->id, $found->campaignRecordList->campaignRecord), 'campaigns');
    $lead = ['leadKey' => [key_of('IDNUM', '1')]];
    $request = ['source' => 'MKTOWS', 'campaignId' => 21, 'leadList' => $lead];
    same(true, $call->call('requestCampaign', $request)->result->success, 'requestCampaign');
    $names = ['programName' => 'Spring', 'campaignName' => 'Invitation'];
    $call->fault('20110', 'requestCampaign', $request + $names);
    $tokens = ['programTokenList' => ['attrib' => [['name' => '{{my.date}}', 'value' => '1 May']]]];
    $at = ['campaignRunAt' => '2030-05-01T08:00:00+02:00', 'cloneToProgramName' => 'Summer'];
    same(true, $call->call('scheduleCampaign', $names + $tokens + $at)->result->success, 'scheduleCampaign');
    $tags = $call->call('getTags', ['tagList' => ['tag' => [['type' => 'Region']]]])->result->tagList->tag;
    same(['North', 'South'], $tags[0]->values->stringItem, 'getTags');
    $tags = $call->call('getChannels', ['tag' => ['type' => 'Channel']])->result->tags->tagStatus;
    $status = $tags[0]->statusList->progressionStatusItem[1]->progressionStatus->attrib[0];
    same(['name', 'Attended'], [$status->name, $status->value], 'getChannels');
}

function objects(Caller $call): void
{
    same(true, in_array('car_c', $call->call('listMObjects', [])->result->objects, true), 'listMObjects');
    $fields = $call->call('describeMObject', ['objectName' => 'car_c'])->result->metadata->fieldList->field;
    same([36, null, null], [$fields[0]->size, $fields[1]->size, $fields[1]->isName], 'describeMObject');
    // A value of any simple type goes with its own type, as PHP does it.
    $amount = ['attrName' => 'Amount', 'comparison' => 'GE', 'attrValue' => new SoapVar('100', XSD_STRING)];
    $request = ['type' => 'Opportunity', 'mObjCriteriaList' => ['mObjCriteria' => [$amount]], 'includeDetails' => true];
    $found = $call->call('getMObjects', $request)->result;
    same([[41, 42], false], [array_map(fn ($each) => $each->id, $found->mObjectList->mObject), $found->hasMore], 'getMObjects');
    $ship = ['type' => 'Opportunity', 'externalKey' => ['name' => 'opportunityId', 'value' => 'Z']];
    $request = ['mObjectList' => ['mObject' => [$ship, ['type' => 'Boat']]], 'operation' => 'UPSERT'];
    $statuses = $call->call('syncMObjects', $request)->result->mObjStatusList->mObjStatus;
    same(['CREATED', 'FAILED', null], [$statuses[0]->status, $statuses[1]->status, $statuses[1]->id], 'syncMObjects');
    $statuses = $call->call('deleteMObjects', ['mObjectList' => ['mObject' => [$ship]]])->result->mObjStatusList->mObjStatus;
    same('DELETED', $statuses[0]->status, 'deleteMObjects');

    $request = ['objTypeName' => 'Roadshow', 'batchSize' => 2, 'includeAttributes' => ['stringItem' => ['zip']]];
    $page = $call->call('getCustomObjects', $request)->result;
    same([2, 1], [$page->returnCount, $page->remainingCount], 'getCustomObjects');
    same('10001', $page->customObjList->customObj[0]->customObjAttributeList->attribute[0]->attrValue, 'an attribute');
    $show = ['customObjKeyList' => attributes(['id' => '9']), 'customObjAttributeList' => attributes(['city' => 'Nine'])];
    $request = ['objTypeName' => 'Roadshow', 'customObjList' => ['customObj' => [$show]], 'operation' => null];
    $statuses = $call->call('syncCustomObjects', $request)->result->syncCustomObjStatusList->syncCustomObjStatus;
    same('CREATED', $statuses[0]->status, 'syncCustomObjects');
    $request = ['objTypeName' => 'Roadshow', 'customObjKeyLists' => ['keyList' => [attributes(['id' => '9'])]]];
    $statuses = $call->call('deleteCustomObjects', $request)->result->deleteCustomObjStatusList->syncCustomObjStatus;
    same('DELETED', $statuses[0]->status, 'deleteCustomObjects');
}

[, $wsdl, $address, $user, $key] = $argv;
$call = new Caller($wsdl, $address, $user, $key);
foreach (['leads', 'activities', 'lists', 'campaigns', 'objects'] as $part) {
    $part($call);
    echo "ok php client: $part\n";
}
$missing = array_diff($call->operations(), array_keys($call->called));
same([], array_values($missing), 'operations that were not called');
same(23, count($call->called), 'the number of operations');
echo 'PASS SoapClient of PHP ', PHP_VERSION, ' as client of the fake: ', count($call->called), " operations\n";
