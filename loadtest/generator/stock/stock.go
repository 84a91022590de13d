// Package stock holds envelopes that are signed before the measurement: the same bytes for every broker, so that what
// is compared got the same load, and no signing happens while a clock runs.
package stock

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"gridpact.example/generator/envelope"
)

// Options say what is signed.
type Options struct {
	Devices            []string `json:"devices"`
	EnvelopesPerDevice int      `json:"envelopesPerDevice"`
	// Readings in each envelope.
	Readings int `json:"readings"`
	// StartUnixMs is the time of the first reading of each device; the others follow StepMs apart.
	StartUnixMs int64 `json:"startUnixMs"`
	StepMs      int64 `json:"stepMs"`
	PowerW      int64 `json:"powerW"`
}

// Stock is the envelopes of each device, in order.
type Stock struct {
	Options   Options
	Envelopes map[string][][]byte
}

// Sign makes the stock, all devices at once. The same options always make the same bytes.
func Sign(options Options) *Stock {
	stock := &Stock{options, make(map[string][][]byte, len(options.Devices))}
	var mutex sync.Mutex
	var group sync.WaitGroup
	for _, deviceID := range options.Devices {
		group.Go(func() {
			envelopes := signDevice(deviceID, options)
			mutex.Lock()
			defer mutex.Unlock()
			stock.Envelopes[deviceID] = envelopes
		})
	}
	group.Wait()
	return stock
}

func signDevice(deviceID string, options Options) [][]byte {
	chain := envelope.NewChain(deviceID, envelope.LoadKey(deviceID))
	envelopes := make([][]byte, options.EnvelopesPerDevice)
	for i := range envelopes {
		last := int64((i+1)*options.Readings - 1)
		lastUnixMs := options.StartUnixMs + last*options.StepMs
		envelopes[i] = chain.Next(lastUnixMs, options.StepMs, options.Readings, options.PowerW)
	}
	return envelopes
}

// WriteFile writes the options as a line of JSON, then each envelope of each device, with its length before it. It
// returns the SHA-256 of all that.
func (s *Stock) WriteFile(path string) (string, error) {
	file, err := os.Create(path)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(file, hash), 1<<20)
	if err := errors.Join(s.writeTo(buffered), buffered.Flush(), file.Close()); err != nil {
		return "", fmt.Errorf("stock not written: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func (s *Stock) writeTo(writer *bufio.Writer) error {
	if err := json.NewEncoder(writer).Encode(s.Options); err != nil {
		return err
	}
	for _, deviceID := range s.Options.Devices {
		for _, signed := range s.Envelopes[deviceID] {
			// A buffered writer keeps its first error for Flush.
			_, _ = writer.Write(binary.BigEndian.AppendUint32(nil, uint32(len(signed))))
			_, _ = writer.Write(signed)
		}
	}
	return nil
}

// ReadFile reads what WriteFile wrote.
func ReadFile(path string) (*Stock, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("no stock: %w", err)
	}
	stock, err := parse(bytes)
	if err != nil {
		return nil, fmt.Errorf("%s is no stock: %w", path, err)
	}
	return stock, nil
}

var errShort = errors.New("it ends too early")

func parse(bytes []byte) (*Stock, error) {
	lineEnd := 0
	for lineEnd < len(bytes) && bytes[lineEnd] != '\n' {
		lineEnd++
	}
	stock := &Stock{}
	if err := json.Unmarshal(bytes[:lineEnd], &stock.Options); err != nil {
		return nil, err
	}
	rest := bytes[min(lineEnd+1, len(bytes)):]
	stock.Envelopes = make(map[string][][]byte, len(stock.Options.Devices))
	for _, deviceID := range stock.Options.Devices {
		for range stock.Options.EnvelopesPerDevice {
			if len(rest) < 4 || len(rest)-4 < int(binary.BigEndian.Uint32(rest)) {
				return nil, errShort
			}
			end := 4 + int(binary.BigEndian.Uint32(rest))
			stock.Envelopes[deviceID] = append(stock.Envelopes[deviceID], rest[4:end:end])
			rest = rest[end:]
		}
	}
	if len(rest) > 0 {
		return nil, errors.New("it does not end where it should")
	}
	return stock, nil
}
