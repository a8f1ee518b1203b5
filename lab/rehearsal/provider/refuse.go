package main

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What AWS would refuse and no schema can say. Each refusal bears the error code that AWS answers with.

// awsID is an id that AWS makes: a short prefix and 17 hexadecimal digits.
var awsID = regexp.MustCompile(`^([a-z]+)-[0-9a-f]{17}$`)

// remembered is what later requests are judged by: plain values, the ids that the resource refers to, and those that came with it.
func remembered(planned, state tftypes.Value) map[string]string {
	facts := map[string]string{}
	for name, v := range fields(state) {
		if s := plain(v); s != "" && len(s) <= 200 {
			facts[name] = s
		}
	}
	given := references(planned)
	facts["references"] = strings.Join(given, " ")
	var made []string
	for _, id := range references(state) {
		if !slices.Contains(given, id) {
			made = append(made, id)
		}
	}
	facts["made"] = strings.Join(made, " ")
	return facts
}

// references lists the AWS ids in a state, its own left out.
func references(state tftypes.Value) []string {
	own := text(fields(state)["id"])
	found := map[string]bool{}
	_ = tftypes.Walk(state, func(_ *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if s := text(v); s != own && awsID.MatchString(s) {
			found[s] = true
		}
		return true, nil
	})
	return sortedKeys(found)
}

// refusePut judges a creation or an update; the caller holds the account's lock.
func (p *provider) refusePut(typ, id string, planned tftypes.Value) *tfprotov6.Diagnostic {
	for _, judge := range []func(typ, id string, planned tftypes.Value) *tfprotov6.Diagnostic{
		p.wrongKind, p.unknownReference, p.tooLong, p.duplicate, p.notOffered, p.badSubnet, p.badBrokers, p.badSubnetGroup,
	} {
		if reason := judge(typ, id, planned); reason != nil {
			return reason
		}
	}
	return nil
}

// unknownReference refuses ids that nobody made. Some come along with a resource, such as a VPC's default security group:
// `made` remembers them.
func (p *provider) unknownReference(typ, _ string, planned tftypes.Value) *tfprotov6.Diagnostic {
	exists := map[string]bool{}
	for _, one := range p.account.held {
		for _, id := range append(strings.Fields(one.Facts["made"]), one.ID) {
			exists[id] = true
		}
	}
	for _, id := range references(planned) {
		kind, _, _ := strings.Cut(id, "-")
		if p.facts.makes(kind) && !exists[id] {
			return refusal("NotFound", fmt.Sprintf("%s refers to %s, which was never created here", typ, id))
		}
	}
	return nil
}

// kinds of id that an argument takes, by how its name ends.
var kinds = []struct{ suffix, prefix string }{
	{"subnet_id", "subnet-"}, {"subnet_ids", "subnet-"}, {"vpc_id", "vpc-"}, {"security_group_id", "sg-"},
	{"security_group_ids", "sg-"}, {"route_table_id", "rtb-"}, {"network_acl_id", "acl-"}, {"volume_id", "vol-"},
	{"network_interface_id", "eni-"}, {"nat_gateway_id", "nat-"}, {"internet_gateway_id", "igw-"},
}

// wrongKind refuses the id of one thing where another belongs.
func (p *provider) wrongKind(typ, _ string, planned tftypes.Value) *tfprotov6.Diagnostic {
	var found *tfprotov6.Diagnostic
	_ = tftypes.Walk(planned, func(path *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		s, place := text(v), dotted(path)
		for _, kind := range kinds {
			ends := place == kind.suffix || strings.HasSuffix(place, "_"+kind.suffix) || strings.HasSuffix(place, "."+kind.suffix)
			if found == nil && ends && awsID.MatchString(s) && !strings.HasPrefix(s, kind.prefix) {
				found = refusal("InvalidID.Malformed", fmt.Sprintf("%s: %s is %q, and an id that begins with %q belongs there", typ, place, s, kind.prefix))
			}
		}
		return true, nil
	})
	return found
}

func (p *provider) tooLong(typ, _ string, planned tftypes.Value) *tfprotov6.Diagnostic {
	for name, limit := range p.facts.MaxLength[typ] {
		if s := text(fields(planned)[name]); len(s) > limit {
			return refusal("ValidationError", fmt.Sprintf("%s: %s %q has %d characters, at most %d are allowed", typ, name, s, len(s), limit))
		}
	}
	return nil
}

func (p *provider) duplicate(typ, id string, planned tftypes.Value) *tfprotov6.Diagnostic {
	names := p.facts.Unique[typ]
	if len(names) == 0 {
		return nil
	}
	for _, one := range p.account.ofType(typ) {
		same := one.ID != id
		for _, name := range names {
			mine := plain(fields(planned)[name])
			same = same && mine != "" && one.Facts[name] == mine
		}
		if same {
			return refusal("AlreadyExists", fmt.Sprintf("%s: %s %q is taken by %s", typ, names[len(names)-1], plain(fields(planned)[names[len(names)-1]]), one.ID))
		}
	}
	return nil
}

func (p *provider) notOffered(typ, _ string, planned tftypes.Value) *tfprotov6.Diagnostic {
	region := p.regionOf(planned)
	for _, path := range p.facts.InstanceAttributes[typ] {
		for _, v := range at(planned, path) {
			for _, name := range append(texts(v), text(v)) {
				if name != "" && !slices.Contains(p.facts.Offered[region], name) {
					return refusal("Unsupported", fmt.Sprintf("%s: %s %q is not offered in %s", typ, path, name, region))
				}
			}
		}
	}
	return nil
}

func (p *provider) badSubnet(typ, id string, planned tftypes.Value) *tfprotov6.Diagnostic {
	if typ != "aws_subnet" {
		return nil
	}
	vpc := text(fields(planned)["vpc_id"])
	cidr := text(fields(planned)["cidr_block"])
	block, err := netip.ParsePrefix(cidr)
	if err != nil || block != block.Masked() {
		return refusal("InvalidParameterValue", fmt.Sprintf("aws_subnet: %q is no block of addresses", cidr))
	}
	inside := false
	for _, one := range p.account.held {
		owner := one.Type == "aws_vpc" && one.ID == vpc || one.Type == "aws_vpc_ipv4_cidr_block_association" && one.Facts["vpc_id"] == vpc
		if outer, err := netip.ParsePrefix(one.Facts["cidr_block"]); owner && err == nil {
			inside = inside || outer.Bits() <= block.Bits() && outer.Contains(block.Addr())
		}
	}
	if !inside {
		return refusal("InvalidSubnet.Range", fmt.Sprintf("aws_subnet: %s is outside of every block of %s", cidr, vpc))
	}
	for _, one := range p.account.ofType("aws_subnet") {
		other, err := netip.ParsePrefix(one.Facts["cidr_block"])
		if err == nil && one.ID != id && one.Facts["vpc_id"] == vpc && other.Overlaps(block) {
			return refusal("InvalidSubnet.Conflict", fmt.Sprintf("aws_subnet: %s overlaps %s of %s", cidr, one.Facts["cidr_block"], one.ID))
		}
	}
	return nil
}

func (p *provider) badBrokers(typ, _ string, planned tftypes.Value) *tfprotov6.Diagnostic {
	if typ != "aws_msk_cluster" {
		return nil
	}
	count, known := number(fields(planned)["number_of_broker_nodes"])
	for _, v := range at(planned, "broker_node_group_info.client_subnets") {
		if subnets := int64(len(elements(v))); known && subnets > 0 && count%subnets != 0 {
			return refusal("BadRequestException", fmt.Sprintf("aws_msk_cluster: %d brokers over %d client subnets; the number must be a multiple", count, subnets))
		}
	}
	return nil
}

func (p *provider) badSubnetGroup(typ, _ string, planned tftypes.Value) *tfprotov6.Diagnostic {
	if typ != "aws_db_subnet_group" {
		return nil
	}
	zones := map[string]bool{}
	for _, id := range texts(fields(planned)["subnet_ids"]) {
		if subnet, there := p.account.held[key("aws_subnet", id)]; there {
			zones[subnet.Facts["availability_zone_id"]+subnet.Facts["availability_zone"]] = true
		}
	}
	if len(zones) < 2 {
		return refusal("DBSubnetGroupDoesNotCoverEnoughAZs", fmt.Sprintf("aws_db_subnet_group: its subnets are in %d zone(s), AWS wants two", len(zones)))
	}
	return nil
}

// refuseDelete judges a deletion; the caller holds the account's lock.
func (p *provider) refuseDelete(typ, id string, prior tftypes.Value) *tfprotov6.Diagnostic {
	if name, there := p.facts.Protected[typ]; there && truth(fields(prior)[name]) {
		return refusal("InvalidParameterCombination", fmt.Sprintf("%s %s cannot be deleted while %s is true", typ, id, name))
	}
	if !awsID.MatchString(id) {
		return nil
	}
	for _, name := range sortedKeys(p.account.held) {
		other := p.account.held[name]
		if slices.Contains(strings.Fields(other.Facts["references"]), id) {
			return refusal("DependencyViolation", fmt.Sprintf("%s %s has a dependent object: %s %s", typ, id, other.Type, other.ID))
		}
	}
	return nil
}
