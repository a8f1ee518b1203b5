// The stand-in for hashicorp/aws and hashicorp/helm: their true schema, mocked behaviour. Terraform attaches to it by
// TF_REATTACH_PROVIDERS, whose value is the one line that this program prints; it serves until its standard input ends.
//
//	rehearsal-provider -schema schema.json -facts facts.json -account account.jsonl
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// What Terraform reads from TF_REATTACH_PROVIDERS, for one provider.
type reattach struct {
	Protocol        string
	ProtocolVersion int
	Pid             int
	Test            bool
	Addr            struct{ Network, String string }
}

func main() {
	schemaPath := flag.String("schema", "", "schemas, in the format of `terraform providers schema -json`")
	factsPath := flag.String("facts", "", "what a schema does not tell: replacements, ids, limits, offers")
	accountPath := flag.String("account", "", "journal of what exists; made if it is not there")
	flag.Parse()
	if err := serve(*schemaPath, *factsPath, *accountPath); err != nil {
		fmt.Fprintln(os.Stderr, "rehearsal-provider:", err)
		os.Exit(1)
	}
}

func serve(schemaPath, factsPath, accountPath string) error {
	schemas, err := readSchemas(schemaPath)
	if err != nil {
		return err
	}
	facts, err := readFacts(factsPath)
	if err != nil {
		return err
	}
	account, err := openAccount(accountPath)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	attached := map[string]reattach{}
	for _, source := range sortedKeys(schemas) {
		server := &provider{source: source, schema: schemas[source], facts: facts, account: account}
		config, err := start(ctx, source, server)
		if err != nil {
			return err
		}
		one := reattach{Protocol: string(config.Protocol), ProtocolVersion: config.ProtocolVersion, Pid: config.Pid, Test: true}
		one.Addr.Network, one.Addr.String = config.Addr.Network(), config.Addr.String()
		attached[source] = one
	}
	line, err := json.Marshal(attached)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", line)
	// The parent holds our standard input: when it dies, however it dies, we end too.
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func start(ctx context.Context, source string, server tfprotov6.ProviderServer) (*plugin.ReattachConfig, error) {
	configs := make(chan *plugin.ReattachConfig, 1)
	failed := make(chan error, 1)
	closed := make(chan struct{})
	go func() {
		failed <- tf6server.Serve(source, func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, configs, closed),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()),
			tf6server.WithoutLogStderrOverride())
	}()
	select {
	case config := <-configs:
		return config, nil
	case err := <-failed:
		return nil, fmt.Errorf("%s: %w", source, err)
	}
}
