package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// facts are what no schema tells. The file is written by the rehearsal from the project's own tables, each with its source:
// the same replacement table that `cimiento diff` reads, the same catalogue that the choosers read.
type facts struct {
	AccountID string `json:"accountId"`
	// Region of resources until a provider block names one.
	Region string `json:"region"`
	// Attributes that force replacement, by type: dotted paths without indices.
	Replace map[string][]string `json:"replace"`
	// Prefix of ids, by type: "vpc-" gives vpc-0123456789abcdef0.
	IDPrefix map[string]string `json:"idPrefix"`
	// Attribute that the id is, by type: the name of a role, the ARN of a load balancer.
	IDFrom map[string]string `json:"idFrom"`
	// Templates of computed attributes, by type and dotted path. {name}, {id}, {hex}, {region}, {account} and {attribute} are
	// filled in.
	Computed map[string]map[string]string `json:"computed"`
	// Number of elements of computed lists whose length is known, by type and path.
	Lengths map[string]map[string]int `json:"lengths"`
	// Computed attributes that an update changes, by type.
	Moving map[string][]string `json:"moving"`
	// Longest name, by type and attribute.
	MaxLength map[string]map[string]int `json:"maxLength"`
	// Attributes of which two may not be equal in an account and region, by type.
	Unique map[string][]string `json:"unique"`
	// Attributes that refuse a deletion while true, by type.
	Protected map[string]string `json:"protected"`
	// Instance types and classes on sale, by region.
	Offered map[string][]string `json:"offered"`
	// Attributes that name an instance type or class, by type: dotted paths without indices.
	InstanceAttributes map[string][]string `json:"instanceAttributes"`
	// Operations to fail, to see what happens then: "create aws_eks_addon" to the message. Each fails once.
	Fail map[string]string `json:"fail"`
	// Seconds that each operation takes, so that a run can be interrupted in its middle.
	Seconds float64 `json:"seconds"`
}

// makes tells whether ids of a kind ("vpc", "sg") are made by resources here, and so must exist.
func (f *facts) makes(kind string) bool {
	for _, prefix := range f.IDPrefix {
		if prefix == kind+"-" {
			return true
		}
	}
	return false
}

func readFacts(path string) (*facts, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var result facts
	if err := json.Unmarshal(text, &result); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &result, nil
}
