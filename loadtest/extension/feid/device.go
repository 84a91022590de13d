// Package feid is the k6 module "k6/x/gridpact": devices that enrol with a virtual node, sign envelopes and publish
// them over MQTT with mutual TLS.
package feid

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"gridpact.example/generator/envelope"
)

const (
	connectTimeout = 15 * time.Second
	publishTimeout = 30 * time.Second
	// A certificate answer is a few KiB; more is not an answer.
	enrolmentAnswerBytesMax = 64 * 1024
)

// DeviceOptions says which device to be and where its virtual node is.
type DeviceOptions struct {
	DeviceID string `js:"deviceId"`
	// Token is the one-time enrolment token of this device.
	Token string `js:"token"`
	// EnrolURL is the enrolment endpoint, such as https://127.0.0.1:8443/enrol.
	EnrolURL string `js:"enrolUrl"`
	// MqttHost is the host of the broker; its port comes with the enrolment.
	MqttHost string `js:"mqttHost"`
	// CaFile holds the certificate that the enrolment endpoint and the broker must chain to.
	CaFile string `js:"caFile"`
	// StartUnixMs is the time of the device's first reading; the others follow StepMs apart. None may lie ahead of the
	// virtual node's clock.
	StartUnixMs int64 `js:"startUnixMs"`
	StepMs      int64 `js:"stepMs"`
}

// Device is an enrolled and connected virtual device. One virtual user plays it, so its calls do not overlap.
type Device struct {
	chain      *envelope.Chain
	connection *mqtt.ClientOptions
	client     mqtt.Client
	topic      string
	nextUnixMs int64
	stepMs     int64
	setpoints  setpoints
}

type enrolmentAnswer struct {
	CertificatePem string `json:"certificatePem"`
	CaPem          string `json:"caPem"`
	MqttPort       int    `json:"mqttPort"`
}

// openDevice makes a key, enrols it and connects.
func openDevice(options DeviceOptions) (*Device, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("no key: %w", err)
	}
	roots, err := rootsFrom(options.CaFile)
	if err != nil {
		return nil, err
	}
	answer, err := enrol(options, key, roots)
	if err != nil {
		return nil, err
	}
	certificate, err := certificateOf(answer, key)
	if err != nil {
		return nil, err
	}
	device := &Device{
		chain:      envelope.NewChain(options.DeviceID, key),
		connection: clientOptions(options, answer, roots, certificate),
		topic:      envelope.ReadingTopic(options.DeviceID),
		nextUnixMs: options.StartUnixMs,
		stepMs:     options.StepMs,
	}
	return device, device.connect()
}

func (d *Device) connect() error {
	d.client = mqtt.NewClient(d.connection)
	if err := wait(d.client.Connect(), connectTimeout); err != nil {
		return fmt.Errorf("%s cannot connect: %w", d.chain.DeviceID(), err)
	}
	return nil
}

// Reconnect loses the connection without a word and opens the next one. It returns how long that took, in ms.
func (d *Device) Reconnect() (float64, error) {
	started := time.Now()
	d.client.Disconnect(0)
	err := d.connect()
	return millisecondsSince(started), err
}

// Publish sends one envelope of count readings. It returns at the PUBACK, with the time that took in ms.
func (d *Device) Publish(count int, powerW int64) (float64, error) {
	waited, err := d.PublishBurst(1, count, powerW)
	if err != nil {
		return 0, err
	}
	return waited[0], nil
}

// PublishBurst sends envelopes of count readings, all before it waits for the first PUBACK, as a device does that was
// offline. It returns how long each PUBACK took, in ms.
func (d *Device) PublishBurst(envelopes int, count int, powerW int64) ([]float64, error) {
	signed := make([][]byte, envelopes)
	for i := range signed {
		d.nextUnixMs += int64(count) * d.stepMs
		signed[i] = d.chain.Next(d.nextUnixMs-d.stepMs, d.stepMs, count, powerW)
	}
	waited, err := d.send(signed)
	totals.goodReadings.Add(int64(len(waited) * count))
	return waited, err
}

// PublishForged sends one envelope whose signature does not verify; it is acknowledged too, once its rejection is
// durable. A device that sends 16 of them is quarantined.
func (d *Device) PublishForged() (float64, error) {
	waited, err := d.send([][]byte{d.chain.Forged(d.nextUnixMs)})
	if err != nil {
		return 0, err
	}
	totals.forged.Add(1)
	return waited[0], nil
}

func (d *Device) send(signed [][]byte) ([]float64, error) {
	started := time.Now()
	tokens := make([]mqtt.Token, len(signed))
	for i, each := range signed {
		tokens[i] = d.client.Publish(d.topic, 1, false, each)
	}
	totals.sent.Add(int64(len(signed)))
	waited := make([]float64, 0, len(signed))
	for _, token := range tokens {
		if err := wait(token, publishTimeout); err != nil {
			return waited, fmt.Errorf("%s got no PUBACK: %w", d.chain.DeviceID(), err)
		}
		totals.acked.Add(1)
		waited = append(waited, millisecondsSince(started))
	}
	return waited, nil
}

// Close disconnects after what is in flight.
func (d *Device) Close() { d.client.Disconnect(250) }

func rootsFrom(path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("no CA certificate: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", path)
	}
	return roots, nil
}

func enrol(options DeviceOptions, key ed25519.PrivateKey, roots *x509.CertPool) (*enrolmentAnswer, error) {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}}
	client := &http.Client{Timeout: connectTimeout, Transport: transport}
	defer transport.CloseIdleConnections()
	request := envelope.EnrolmentRequest(options.DeviceID, key, options.Token)
	response, err := client.Post(options.EnrolURL, "application/octet-stream", bytes.NewReader(request))
	if err != nil {
		return nil, fmt.Errorf("%s cannot enrol: %w", options.DeviceID, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, enrolmentAnswerBytesMax))
	if err != nil {
		return nil, fmt.Errorf("%s got no enrolment answer: %w", options.DeviceID, err)
	}
	if response.StatusCode != http.StatusOK {
		const hint = "a profile serves one run, make a new one with gridpact load-profile"
		return nil, fmt.Errorf("%s was not enrolled: %d %s (%s)", options.DeviceID, response.StatusCode, body, hint)
	}
	answer := &enrolmentAnswer{}
	if err := json.Unmarshal(body, answer); err != nil {
		return nil, fmt.Errorf("enrolment answer of %s is no JSON: %w", options.DeviceID, err)
	}
	return answer, nil
}

func certificateOf(answer *enrolmentAnswer, key ed25519.PrivateKey) (tls.Certificate, error) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key cannot be encoded: %w", err)
	}
	certificate, err := tls.X509KeyPair([]byte(answer.CertificatePem), pemOf(pkcs8))
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate does not fit the key: %w", err)
	}
	return certificate, nil
}

func clientOptions(
	options DeviceOptions, answer *enrolmentAnswer, roots *x509.CertPool, own tls.Certificate,
) *mqtt.ClientOptions {
	// Nothing is resent behind the script's back: what a lost connection took along shows as a missing PUBACK.
	return mqtt.NewClientOptions().
		AddBroker(fmt.Sprintf("ssl://%s:%d", options.MqttHost, answer.MqttPort)).
		SetClientID(options.DeviceID).
		SetProtocolVersion(4).
		SetCleanSession(true).
		SetConnectTimeout(connectTimeout).
		SetAutoReconnect(false).
		SetTLSConfig(&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS13})
}

func millisecondsSince(started time.Time) float64 {
	return float64(time.Since(started).Microseconds()) / 1000
}

func wait(token mqtt.Token, timeout time.Duration) error {
	if !token.WaitTimeout(timeout) {
		return errors.New("no answer in time")
	}
	return token.Error()
}
