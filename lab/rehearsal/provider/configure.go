package main

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// unconfigurable refuses values for what only AWS sets: Terraform's core leaves that to providers.
func unconfigurable(b *block, v tftypes.Value, place string) []*tfprotov6.Diagnostic {
	var found []*tfprotov6.Diagnostic
	members := fields(v)
	for _, name := range sortedKeys(b.Attributes) {
		attr, value := b.Attributes[name], members[name]
		if attr.Computed && !attr.Optional && !value.IsNull() {
			found = append(found, refusal("Value for unconfigurable attribute",
				fmt.Sprintf("Can't configure a value for %q: its value will be decided automatically based on the result of applying this configuration.", place+name)))
		}
	}
	for _, name := range sortedKeys(b.BlockTypes) {
		each(members[name], func(one tftypes.Value) tftypes.Value {
			found = append(found, unconfigurable(b.BlockTypes[name].Block, one, place+name+".")...)
			return one
		})
	}
	return found
}
