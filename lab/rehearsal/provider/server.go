package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// provider answers Terraform's requests from the schema and the facts. What it does not answer (functions, ephemeral
// resources) is the embedded nil interface: no schema offers any, so Terraform never asks.
type provider struct {
	tfprotov6.ProviderServer
	source  string
	schema  *providerSchema
	facts   *facts
	account *account

	mu          sync.Mutex
	region      string
	defaultTags map[string]tftypes.Value
}

var capabilities = &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true, PlanDestroy: true}

func (p *provider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	response := &tfprotov6.GetMetadataResponse{ServerCapabilities: capabilities}
	for _, name := range sortedKeys(p.schema.Resources) {
		response.Resources = append(response.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for _, name := range sortedKeys(p.schema.DataSources) {
		response.DataSources = append(response.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	return response, nil
}

func (p *provider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	response := &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: capabilities,
		Provider:           p.schema.Provider.wire,
		ResourceSchemas:    map[string]*tfprotov6.Schema{},
		DataSourceSchemas:  map[string]*tfprotov6.Schema{},
	}
	for name, one := range p.schema.Resources {
		response.ResourceSchemas[name] = one.wire
	}
	for name, one := range p.schema.DataSources {
		response.DataSourceSchemas[name] = one.wire
	}
	return response, nil
}

func (p *provider) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (p *provider) GetFunctions(context.Context, *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return &tfprotov6.GetFunctionsResponse{}, nil
}

func (p *provider) ValidateProviderConfig(_ context.Context, request *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: request.Config}, nil
}

func (p *provider) ConfigureProvider(_ context.Context, request *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	config, err := request.Config.Unmarshal(p.schema.Provider.typ)
	if err != nil {
		return nil, err
	}
	response := &tfprotov6.ConfigureProviderResponse{}
	// Terraform itself says nothing of a provider that is configured from what it does not know yet, and then connects to
	// nowhere.
	_ = tftypes.Walk(config, func(path *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if !v.IsKnown() {
			response.Diagnostics = append(response.Diagnostics, refusal(
				"provider configured from an unknown value",
				fmt.Sprintf("%s is known only after apply: apply the stack that makes it first", dotted(path))))
		}
		return true, nil
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.region, p.defaultTags = p.facts.Region, nil
	if region := text(fields(config)["region"]); region != "" {
		p.region = region
	}
	for _, one := range elements(fields(config)["default_tags"]) {
		p.defaultTags = fields(fields(one)["tags"])
	}
	return response, nil
}

func (p *provider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (p *provider) ValidateResourceConfig(_ context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	schema := p.schema.Resources[request.TypeName]
	config, err := request.Config.Unmarshal(schema.typ)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ValidateResourceConfigResponse{Diagnostics: unconfigurable(schema.Block, config, "")}, nil
}

func (p *provider) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (p *provider) UpgradeResourceState(_ context.Context, request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	typ := p.schema.Resources[request.TypeName].typ
	state, err := request.RawState.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	upgraded, err := tfprotov6.NewDynamicValue(typ, state)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

// ReadResource gives the state back, unless the account no longer has the resource.
func (p *provider) ReadResource(_ context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: request.CurrentState, Private: request.Private}, nil
}

func (p *provider) PlanResourceChange(_ context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	schema := p.schema.Resources[request.TypeName]
	prior, err := request.PriorState.Unmarshal(schema.typ)
	if err != nil {
		return nil, err
	}
	proposed, err := request.ProposedNewState.Unmarshal(schema.typ)
	if err != nil {
		return nil, err
	}
	if proposed.IsNull() {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: request.ProposedNewState}, nil
	}
	planned := p.tagged(schema.Block, unplanned(schema.Block, proposed))
	response := &tfprotov6.PlanResourceChangeResponse{}
	if prior.IsNull() {
		planned = p.regional(schema.Block, planned)
	} else {
		response.RequiresReplace = p.replacements(request.TypeName, prior, planned)
		if len(response.RequiresReplace) > 0 {
			planned = anew(schema.Block, planned)
		} else if !planned.Equal(prior) {
			planned = moving(p.facts.Moving[request.TypeName], planned)
		}
	}
	state, err := tfprotov6.NewDynamicValue(schema.typ, planned)
	response.PlannedState = &state
	return response, err
}

func (p *provider) ApplyResourceChange(ctx context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	schema := p.schema.Resources[request.TypeName]
	prior, err := request.PriorState.Unmarshal(schema.typ)
	if err != nil {
		return nil, err
	}
	planned, err := request.PlannedState.Unmarshal(schema.typ)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(time.Duration(p.facts.Seconds * float64(time.Second))):
	case <-ctx.Done():
		// Terraform died: a provider of its own would have died with it, and its request with that.
		return nil, ctx.Err()
	}
	p.account.mu.Lock()
	defer p.account.mu.Unlock()

	op := operation(prior, planned)
	if message, there := p.facts.Fail[op+" "+request.TypeName]; there {
		delete(p.facts.Fail, op+" "+request.TypeName)
		return &tfprotov6.ApplyResourceChangeResponse{NewState: request.PriorState, Diagnostics: []*tfprotov6.Diagnostic{refusal("refused on purpose", message)}}, nil
	}
	if op == "delete" {
		id := text(fields(prior)["id"])
		if reason := p.refuseDelete(request.TypeName, id, prior); reason != nil {
			return &tfprotov6.ApplyResourceChangeResponse{NewState: request.PriorState, Diagnostics: []*tfprotov6.Diagnostic{reason}}, nil
		}
		p.account.write(&record{Op: op, Type: request.TypeName, ID: id})
		return &tfprotov6.ApplyResourceChangeResponse{NewState: request.PlannedState}, nil
	}
	return p.put(request, schema, op, prior, planned)
}

// put creates or updates; the caller holds the account's lock.
func (p *provider) put(request *tfprotov6.ApplyResourceChangeRequest, schema *typeSchema, op string, prior, planned tftypes.Value) (*tfprotov6.ApplyResourceChangeResponse, error) {
	id := text(fields(prior)["id"])
	if reason := p.refusePut(request.TypeName, id, planned); reason != nil {
		return &tfprotov6.ApplyResourceChangeResponse{NewState: request.PriorState, Diagnostics: []*tfprotov6.Diagnostic{reason}}, nil
	}
	print := fingerprint(request.TypeName, canonical(planned))
	in := &inventor{facts: p.facts, schema: schema.Block, typ: request.TypeName, region: p.regionOf(planned),
		hex: fingerprint(print, []byte(fmt.Sprint(p.account.seen[print])))}
	state, err := in.fill(planned)
	if err != nil {
		return nil, err
	}
	held := remembered(planned, state)
	held["fingerprint"] = print
	p.account.write(&record{Op: op, Type: request.TypeName, ID: text(fields(state)["id"]), Facts: held})
	dynamic, err := tfprotov6.NewDynamicValue(schema.typ, state)
	return &tfprotov6.ApplyResourceChangeResponse{NewState: &dynamic}, err
}

func (p *provider) ImportResourceState(_ context.Context, request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return &tfprotov6.ImportResourceStateResponse{Diagnostics: []*tfprotov6.Diagnostic{
		refusal("nothing to import", "a rehearsal has no account that existed before it")}}, nil
}

func (p *provider) MoveResourceState(context.Context, *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return &tfprotov6.MoveResourceStateResponse{Diagnostics: []*tfprotov6.Diagnostic{
		refusal("no move between types", "moved blocks work within one type")}}, nil
}

func (p *provider) ReadDataSource(_ context.Context, request *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	schema := p.schema.DataSources[request.TypeName]
	config, err := request.Config.Unmarshal(schema.typ)
	if err != nil {
		return nil, err
	}
	name := "data." + request.TypeName
	in := &inventor{facts: p.facts, schema: schema.Block, typ: name, region: p.region, hex: fingerprint(name, canonical(config))}
	state, err := in.fill(unplanned(schema.Block, config))
	if err != nil {
		return nil, err
	}
	if rendered, is := policyDocument(request.TypeName, state); is {
		state = with(state, map[string]tftypes.Value{"json": tftypes.NewValue(tftypes.String, rendered)})
	}
	dynamic, err := tfprotov6.NewDynamicValue(schema.typ, state)
	return &tfprotov6.ReadDataSourceResponse{State: &dynamic}, err
}

func operation(prior, planned tftypes.Value) string {
	switch {
	case prior.IsNull():
		return "create"
	case planned.IsNull():
		return "delete"
	}
	return "update"
}

func refusal(summary, detail string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}
}

// canonical is a value as bytes, for a fingerprint: sets and maps in a fixed order, unknowns as such.
func canonical(v tftypes.Value) []byte {
	text, _ := json.Marshal(v.String())
	return text
}
