package main

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// policyDocument renders aws_iam_policy_document, the one data source whose answer is not AWS's but the provider's own.
func policyDocument(typ string, state tftypes.Value) (string, bool) {
	if typ != "aws_iam_policy_document" {
		return "", false
	}
	document := map[string]any{"Version": "2012-10-17"}
	var statements []any
	for _, one := range elements(fields(state)["statement"]) {
		statements = append(statements, statement(fields(one)))
	}
	document["Statement"] = statements
	rendered, _ := json.MarshalIndent(document, "", "  ")
	return string(rendered), true
}

func statement(f map[string]tftypes.Value) map[string]any {
	effect := text(f["effect"])
	if effect == "" {
		effect = "Allow"
	}
	result := map[string]any{"Effect": effect}
	for attribute, element := range map[string]string{
		"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource",
	} {
		if list := texts(f[attribute]); len(list) > 0 {
			result[element] = list
		}
	}
	if sid := text(f["sid"]); sid != "" {
		result["Sid"] = sid
	}
	principals := map[string][]string{}
	for _, one := range elements(f["principals"]) {
		principals[text(fields(one)["type"])] = texts(fields(one)["identifiers"])
	}
	if len(principals) > 0 {
		result["Principal"] = principals
	}
	conditions := map[string]map[string][]string{}
	for _, one := range elements(f["condition"]) {
		test := text(fields(one)["test"])
		if conditions[test] == nil {
			conditions[test] = map[string][]string{}
		}
		conditions[test][text(fields(one)["variable"])] = texts(fields(one)["values"])
	}
	if len(conditions) > 0 {
		result["Condition"] = conditions
	}
	return result
}
