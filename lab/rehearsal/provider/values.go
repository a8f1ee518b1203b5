package main

import (
	"math/big"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// fields of an object value; nil for null and unknown.
func fields(v tftypes.Value) map[string]tftypes.Value {
	var result map[string]tftypes.Value
	if !v.IsKnown() || v.IsNull() {
		return nil
	}
	if err := v.As(&result); err != nil {
		return nil
	}
	return result
}

// elements of a list, set or tuple; nil for null and unknown.
func elements(v tftypes.Value) []tftypes.Value {
	var result []tftypes.Value
	if !v.IsKnown() || v.IsNull() {
		return nil
	}
	if err := v.As(&result); err != nil {
		return nil
	}
	return result
}

// text of a known string; empty for anything else.
func text(v tftypes.Value) string {
	var result string
	if !v.IsKnown() || v.IsNull() || !v.Type().Is(tftypes.String) {
		return ""
	}
	_ = v.As(&result)
	return result
}

// texts of a list or set of strings.
func texts(v tftypes.Value) []string {
	var result []string
	for _, one := range elements(v) {
		if s := text(one); s != "" {
			result = append(result, s)
		}
	}
	return result
}

func number(v tftypes.Value) (int64, bool) {
	var result big.Float
	if !v.IsKnown() || v.IsNull() || !v.Type().Is(tftypes.Number) {
		return 0, false
	}
	if err := v.As(&result); err != nil {
		return 0, false
	}
	whole, _ := result.Int64()
	return whole, true
}

func truth(v tftypes.Value) bool {
	var result bool
	if v.IsKnown() && !v.IsNull() && v.Type().Is(tftypes.Bool) {
		_ = v.As(&result)
	}
	return result
}

// plain writes a known text, number or truth value; empty for anything else.
func plain(v tftypes.Value) string {
	if n, is := number(v); is {
		return strconv.FormatInt(n, 10)
	}
	if v.IsKnown() && !v.IsNull() && v.Type().Is(tftypes.Bool) {
		return strconv.FormatBool(truth(v))
	}
	return text(v)
}

// unplanned walks a block and puts what only AWS can tell in the place of what nobody set: the plan's unknowns. What is
// write-only never enters a plan.
func unplanned(b *block, v tftypes.Value) tftypes.Value {
	object := fields(v)
	if object == nil {
		return v
	}
	for name, attr := range b.Attributes {
		object[name] = attr.unplanned(object[name])
	}
	for name, nested := range b.BlockTypes {
		object[name] = each(object[name], func(one tftypes.Value) tftypes.Value { return unplanned(nested.Block, one) })
	}
	return tftypes.NewValue(v.Type(), object)
}

func (a *attribute) unplanned(v tftypes.Value) tftypes.Value {
	switch {
	case a.WriteOnly:
		return tftypes.NewValue(v.Type(), nil)
	case a.Computed && v.IsKnown() && v.IsNull():
		return tftypes.NewValue(v.Type(), tftypes.UnknownValue)
	case a.NestedType != nil:
		inner := &block{Attributes: a.NestedType.Attributes}
		return each(v, func(one tftypes.Value) tftypes.Value { return unplanned(inner, one) })
	}
	return v
}

// each applies a function to every object in a value of whatever nesting mode: one object, or a list, set or map of them.
func each(v tftypes.Value, change func(tftypes.Value) tftypes.Value) tftypes.Value {
	if !v.IsKnown() || v.IsNull() {
		return v
	}
	switch v.Type().(type) {
	case tftypes.Object:
		return change(v)
	case tftypes.Map:
		members := fields(v)
		for key := range members {
			members[key] = change(members[key])
		}
		return tftypes.NewValue(v.Type(), members)
	default:
		list := elements(v)
		for i := range list {
			list[i] = change(list[i])
		}
		return tftypes.NewValue(v.Type(), list)
	}
}

// with returns the object with some of its fields replaced; fields that the type lacks are passed over.
func with(v tftypes.Value, changes map[string]tftypes.Value) tftypes.Value {
	object := fields(v)
	if object == nil {
		return v
	}
	for name, value := range changes {
		if _, known := object[name]; known {
			object[name] = value
		}
	}
	return tftypes.NewValue(v.Type(), object)
}
