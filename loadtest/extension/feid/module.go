package feid

import (
	"encoding/pem"

	"go.k6.io/k6/js/modules"
)

func init() { modules.Register("k6/x/gridpact", new(rootModule)) }

type rootModule struct{}

type instance struct{}

// NewModuleInstance gives each virtual user its own module; it holds no state, devices do.
func (*rootModule) NewModuleInstance(modules.VU) modules.Instance { return &instance{} }

// Exports lists what a script can import.
func (*instance) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{
		"openDevice": openDevice, "totals": countedTotals, "claimDevice": claimDevice,
	}}
}

func pemOf(pkcs8 []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}
