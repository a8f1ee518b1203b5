package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The schema file has the format of `terraform providers schema -json`, so a dump of the real provider could replace the one
// that is read from the bindings.
type schemaFile struct {
	Providers map[string]*providerSchema `json:"provider_schemas"`
}

type providerSchema struct {
	Provider    *typeSchema            `json:"provider"`
	Resources   map[string]*typeSchema `json:"resource_schemas"`
	DataSources map[string]*typeSchema `json:"data_source_schemas"`
}

type typeSchema struct {
	Version int64  `json:"version"`
	Block   *block `json:"block"`

	wire *tfprotov6.Schema
	typ  tftypes.Type
}

type block struct {
	Attributes map[string]*attribute   `json:"attributes"`
	BlockTypes map[string]*nestedBlock `json:"block_types"`
}

type attribute struct {
	Type       json.RawMessage `json:"type"`
	NestedType *nestedType     `json:"nested_type"`
	Required   bool            `json:"required"`
	Optional   bool            `json:"optional"`
	Computed   bool            `json:"computed"`
	Sensitive  bool            `json:"sensitive"`
	WriteOnly  bool            `json:"write_only"`
}

type nestedType struct {
	Attributes  map[string]*attribute `json:"attributes"`
	NestingMode string                `json:"nesting_mode"`
}

type nestedBlock struct {
	NestingMode string `json:"nesting_mode"`
	Block       *block `json:"block"`
	MinItems    int64  `json:"min_items"`
	MaxItems    int64  `json:"max_items"`
}

// readSchemas reads the file and prepares every type of every provider in it, by source address.
func readSchemas(path string) (map[string]*providerSchema, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file schemaFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for source, provider := range file.Providers {
		all := map[string]*typeSchema{"provider": provider.Provider}
		for name, one := range provider.Resources {
			all[name] = one
		}
		for name, one := range provider.DataSources {
			all["data."+name] = one
		}
		for name, one := range all {
			wire, err := one.Block.wire()
			if err != nil {
				return nil, fmt.Errorf("%s: %s %s: %w", path, source, name, err)
			}
			one.wire = &tfprotov6.Schema{Version: one.Version, Block: wire}
			one.typ = one.wire.ValueType()
		}
	}
	return file.Providers, nil
}

func (b *block) wire() (*tfprotov6.SchemaBlock, error) {
	result := &tfprotov6.SchemaBlock{}
	for _, name := range sortedKeys(b.Attributes) {
		one, err := b.Attributes[name].wire(name)
		if err != nil {
			return nil, err
		}
		result.Attributes = append(result.Attributes, one)
	}
	for _, name := range sortedKeys(b.BlockTypes) {
		nested := b.BlockTypes[name]
		inner, err := nested.Block.wire()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		mode, known := blockModes[nested.NestingMode]
		if !known {
			return nil, fmt.Errorf("%s: unknown nesting mode %q", name, nested.NestingMode)
		}
		result.BlockTypes = append(result.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: mode, MinItems: nested.MinItems, MaxItems: nested.MaxItems,
		})
	}
	return result, nil
}

var blockModes = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov6.SchemaNestedBlockNestingModeMap,
}

var objectModes = map[string]tfprotov6.SchemaObjectNestingMode{
	"single": tfprotov6.SchemaObjectNestingModeSingle,
	"list":   tfprotov6.SchemaObjectNestingModeList,
	"set":    tfprotov6.SchemaObjectNestingModeSet,
	"map":    tfprotov6.SchemaObjectNestingModeMap,
}

func (a *attribute) wire(name string) (*tfprotov6.SchemaAttribute, error) {
	result := &tfprotov6.SchemaAttribute{
		Name: name, Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
	}
	if a.NestedType == nil {
		// The plugin library's own reader of the notation that cty, and so the schema file, uses.
		typ, err := tftypes.ParseJSONType(a.Type) //nolint:staticcheck
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		result.Type = typ
		return result, nil
	}
	object := &tfprotov6.SchemaObject{Nesting: objectModes[a.NestedType.NestingMode]}
	for _, inner := range sortedKeys(a.NestedType.Attributes) {
		one, err := a.NestedType.Attributes[inner].wire(inner)
		if err != nil {
			return nil, fmt.Errorf("%s.%w", name, err)
		}
		object.Attributes = append(object.Attributes, one)
	}
	result.NestedType = object
	return result, nil
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
