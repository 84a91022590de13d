package envelope

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

// Vectors are read as the TypeScript and Rust tests read them: the same file, so the same bytes.
const (
	envelopeVectors  = "../../../proto/vectors/envelopes.json"
	enrolmentVectors = "testdata/enrolment.json"
)

type envelopeVector struct {
	Name      string
	DeviceID  string `json:"deviceId"`
	BootEpoch uint64
	FirstSeq  string
	Readings  []struct{ MeasuredAtUnixMs, PowerW, ImportWh, ExportWh string }

	PublicKeyHex, PayloadHex, EnvelopeHashHex, SignedEnvelopeHex string
}

// The key of the envelope vectors is derived from a label, as proto/vectors/generate.ts does.
func vectorKey(label string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("gridpact vector: " + label))
	return ed25519.NewKeyFromSeed(seed[:])
}

func TestEnvelopesHaveTheBytesOfTheGoldenVectors(t *testing.T) {
	key := vectorKey("device")
	var previous [sha256.Size]byte
	vectors := readVectors[envelopeVector](t, envelopeVectors)
	for _, vector := range vectors {
		t.Run(vector.Name, func(t *testing.T) {
			encoded := vector.payload(t, previous).encode()
			envelope, hash := sign(key, encoded)
			public, _ := key.Public().(ed25519.PublicKey)
			equalHex(t, "public key", public, vector.PublicKeyHex)
			equalHex(t, "payload", encoded, vector.PayloadHex)
			equalHex(t, "hash", hash[:], vector.EnvelopeHashHex)
			equalHex(t, "envelope", envelope, vector.SignedEnvelopeHex)
			previous = hash
		})
	}
}

func TestEnrolmentRequestsHaveTheBytesOfTheGoldenVectors(t *testing.T) {
	vectors := readVectors[struct{ DeviceID, Token, RequestHex string }](t, enrolmentVectors)
	for _, vector := range vectors {
		t.Run(vector.DeviceID, func(t *testing.T) {
			request := EnrolmentRequest(vector.DeviceID, vectorKey("device"), vector.Token)
			equalHex(t, "request", request, vector.RequestHex)
		})
	}
}

func (vector envelopeVector) payload(t *testing.T, previous [sha256.Size]byte) payload {
	t.Helper()
	readings := make([]reading, len(vector.Readings))
	for i, each := range vector.Readings {
		readings[i] = reading{
			atUnixMs: integer(t, each.MeasuredAtUnixMs),
			powerW:   integer(t, each.PowerW),
			importWh: uint64(integer(t, each.ImportWh)),
			exportWh: uint64(integer(t, each.ExportWh)),
			// Readings of the vectors are measured and estimated by turns.
			quality: []uint64{qualityMeasured, qualityEstimated}[i%2],
		}
	}
	firstSeq := uint64(integer(t, vector.FirstSeq))
	return payload{vector.DeviceID, vector.BootEpoch, firstSeq, previous, readings}
}

func readVectors[V any](t *testing.T, path string) []V {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []V
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) == 0 {
		t.Fatalf("%s holds no vector", path)
	}
	return vectors
}

func integer(t *testing.T, decimal string) int64 {
	t.Helper()
	value, err := strconv.ParseInt(decimal, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func equalHex(t *testing.T, what string, got []byte, want string) {
	t.Helper()
	if hex.EncodeToString(got) != want {
		t.Errorf("%s is\n%x, not\n%s", what, got, want)
	}
}
