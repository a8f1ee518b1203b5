package main

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// tagged sets tags_all to the provider's default tags with the resource's own laid over them, as the real provider plans it.
func (p *provider) tagged(b *block, v tftypes.Value) tftypes.Value {
	if _, there := b.Attributes["tags_all"]; !there {
		return v
	}
	tags := fields(v)["tags"]
	if !tags.IsKnown() {
		return v
	}
	all := map[string]tftypes.Value{}
	p.mu.Lock()
	for key, value := range p.defaultTags {
		all[key] = value
	}
	p.mu.Unlock()
	for key, value := range fields(tags) {
		all[key] = value
	}
	return with(v, map[string]tftypes.Value{"tags_all": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, all)})
}

// regional plans the provider's region where nobody set one: since version 6 every resource has the attribute.
func (p *provider) regional(b *block, v tftypes.Value) tftypes.Value {
	attr, there := b.Attributes["region"]
	if !there || !attr.Computed || fields(v)["region"].IsKnown() {
		return v
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return with(v, map[string]tftypes.Value{"region": tftypes.NewValue(tftypes.String, p.region)})
}

func (p *provider) regionOf(v tftypes.Value) string {
	if region := text(fields(v)["region"]); region != "" {
		return region
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.region
}

// replacements lists the changed attributes that AWS cannot change in place.
func (p *provider) replacements(typ string, prior, planned tftypes.Value) []*tftypes.AttributePath {
	var found []*tftypes.AttributePath
	for _, path := range p.facts.Replace[typ] {
		before, after := at(prior, path), at(planned, path)
		if before == nil && after == nil || equal(before, after) {
			continue
		}
		// Terraform wants the path of the argument; inside blocks, the block's own.
		top, _, _ := strings.Cut(path, ".")
		found = append(found, tftypes.NewAttributePath().WithAttributeName(top))
	}
	return found
}

// at gathers the values that a dotted path without indices leads to, through blocks of any nesting.
func at(v tftypes.Value, path string) []tftypes.Value {
	name, rest, nested := strings.Cut(path, ".")
	member, there := fields(v)[name]
	if !there {
		return nil
	}
	if !nested {
		return []tftypes.Value{member}
	}
	var found []tftypes.Value
	each(member, func(one tftypes.Value) tftypes.Value {
		found = append(found, at(one, rest)...)
		return one
	})
	return found
}

func equal(a, b []tftypes.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

// anew forgets what AWS had computed for the resource that is about to be replaced.
func anew(b *block, v tftypes.Value) tftypes.Value {
	changes := map[string]tftypes.Value{}
	for name, attr := range b.Attributes {
		if attr.Computed && !attr.Optional && name != "tags_all" {
			changes[name] = tftypes.NewValue(fields(v)[name].Type(), tftypes.UnknownValue)
		}
	}
	return with(v, changes)
}

// moving plans as unknown what an update changes by itself, such as a launch template's latest version.
func moving(names []string, v tftypes.Value) tftypes.Value {
	changes := map[string]tftypes.Value{}
	for _, name := range names {
		if member, there := fields(v)[name]; there {
			changes[name] = tftypes.NewValue(member.Type(), tftypes.UnknownValue)
		}
	}
	return with(v, changes)
}
