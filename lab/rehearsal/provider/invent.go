package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// inventor makes up what AWS would have answered: plausible, and the same for the same configuration.
type inventor struct {
	facts  *facts
	schema *block
	typ    string
	region string
	// Hexadecimal digits that stand for this resource.
	hex string
	// What is known of the resource so far.
	known map[string]tftypes.Value
}

// fill replaces every unknown in the planned state.
func (in *inventor) fill(planned tftypes.Value) (tftypes.Value, error) {
	in.known = fields(planned)
	// What the id is made of first, then the id and the ARN: the templates of the others may use them.
	for _, name := range []string{in.facts.IDFrom[in.typ], "id", "arn", "name"} {
		v, there := in.known[name]
		if there && !v.IsKnown() {
			in.known[name] = tftypes.NewValue(tftypes.String, in.text(name))
		}
	}
	if from, there := in.facts.IDFrom[in.typ]; there && text(in.known[from]) != "" {
		if _, there := in.known["id"]; there {
			in.known["id"] = in.known[from]
		}
	}
	planned = tftypes.NewValue(planned.Type(), in.known)
	return tftypes.Transform(planned, func(path *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		return in.value(v.Type(), dotted(path)), nil
	})
}

func (in *inventor) value(typ tftypes.Type, path string) tftypes.Value {
	switch t := typ.(type) {
	case tftypes.List:
		return tftypes.NewValue(typ, in.repeat(t.ElementType, path))
	case tftypes.Set:
		return tftypes.NewValue(typ, in.repeat(t.ElementType, path))
	case tftypes.Map:
		return tftypes.NewValue(typ, map[string]tftypes.Value{})
	case tftypes.Object:
		members := map[string]tftypes.Value{}
		for name, member := range t.AttributeTypes {
			members[name] = in.value(member, path+"."+name)
		}
		return tftypes.NewValue(typ, members)
	}
	switch {
	case typ.Is(tftypes.String):
		return tftypes.NewValue(typ, in.text(path))
	case typ.Is(tftypes.Number):
		if n, err := strconv.ParseFloat(in.template(path), 64); err == nil {
			return tftypes.NewValue(typ, n)
		}
		return tftypes.NewValue(typ, 1)
	case typ.Is(tftypes.Bool):
		return tftypes.NewValue(typ, false)
	}
	return tftypes.NewValue(typ, nil)
}

// repeat gives lists that only AWS can set one element, so that what refers into them resolves; lists that somebody could have
// set stay empty, unless their length is known.
func (in *inventor) repeat(element tftypes.Type, path string) []tftypes.Value {
	length, known := in.facts.Lengths[in.typ][path]
	if !known {
		attr := in.schema.Attributes[strings.Split(path, ".")[0]]
		if attr == nil || !attr.Optional {
			length = 1
		}
	}
	result := make([]tftypes.Value, length)
	for i := range result {
		result[i] = in.value(element, path)
	}
	return result
}

func (in *inventor) text(path string) string {
	if filled := in.template(path); filled != "" {
		return filled
	}
	switch {
	case path == "id":
		if prefix, there := in.facts.IDPrefix[in.typ]; there {
			return prefix + in.hex[:17]
		}
		return strings.TrimPrefix(in.typ, "aws_") + "-" + in.hex[:12]
	case path == "arn" || strings.HasSuffix(path, "_arn") || strings.HasSuffix(path, ".arn"):
		service, kind, _ := strings.Cut(strings.TrimPrefix(in.typ, "aws_"), "_")
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s/%s", service, in.region, in.facts.AccountID, kind, in.label())
	case path == "region":
		return in.region
	case path == "owner_id" || path == "account_id":
		return in.facts.AccountID
	}
	return strings.ReplaceAll(path[strings.LastIndex(path, ".")+1:], "_", "-") + "-" + in.hex[:8]
}

// label is what a person would call the resource in an ARN.
func (in *inventor) label() string {
	for _, name := range []string{"name", "cluster_name", "identifier", "id"} {
		if s := text(in.known[name]); s != "" {
			return s
		}
	}
	return in.hex[:12]
}

var placeholder = regexp.MustCompile(`\{[a-z_0-9]+\}`)

func (in *inventor) template(path string) string {
	template, there := in.facts.Computed[in.typ][path]
	if !there {
		return ""
	}
	return placeholder.ReplaceAllStringFunc(template, func(p string) string {
		switch name := strings.Trim(p, "{}"); name {
		case "hex":
			return in.hex[:17]
		case "region":
			return in.region
		case "account":
			return in.facts.AccountID
		case "label":
			return in.label()
		default:
			return text(in.known[name])
		}
	})
}

// dotted writes a path without indices: certificate_authority.data.
func dotted(path *tftypes.AttributePath) string {
	var parts []string
	for _, step := range path.Steps() {
		if name, is := step.(tftypes.AttributeName); is {
			parts = append(parts, string(name))
		}
	}
	return strings.Join(parts, ".")
}
