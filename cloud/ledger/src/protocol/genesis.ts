import { common, msp } from "@hyperledger/fabric-protos";
import type { Organisation } from "../identity/index.ts";
import { decodeMessage, MalformedMessageError } from "../wire/index.ts";
import { timedChannelHeader } from "./channel-header.ts";
import { buildEndorsementPolicy } from "./policy.ts";

/** What the members of a channel agree on before its first transaction. */
export type Consortium = {
  channelName: string;
  organisations: readonly Organisation[];
  /** Nodes whose signatures make a block. */
  orderers: readonly { mspId: string; certificatePem: string }[];
  /** Endorsement by peers of at least so many organisations makes a transaction. */
  endorsingOrganisationsMin: number;
};

/** The configuration transaction that is the only one of block 0: whoever has that block knows whom to believe. */
export function buildGenesisEnvelope(consortium: Consortium, atUnixMs: number): Uint8Array {
  const channelHeader = timedChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setChannelId(consortium.channelName);
  channelHeader.getTimestamp()?.setSeconds(Math.floor(atUnixMs / 1000));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(new common.SignatureHeader().serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(buildConfig(consortium));
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}

/** Configuration bytes of a consortium: equal consortia have equal bytes. */
export function buildConfig(consortium: Consortium): Uint8Array {
  const channel = new common.ConfigGroup();
  channel.getGroupsMap().set("Application", buildApplication(consortium));
  channel.getGroupsMap().set("Orderer", buildOrderer(consortium));
  const config = new common.Config();
  config.setChannelGroup(channel);
  const envelope = new common.ConfigEnvelope();
  envelope.setConfig(config);
  return envelope.serializeBinary();
}

/**
 * Reads the envelope of a block 0.
 * @throws MalformedMessageError when it is not the configuration of a consortium.
 */
export function readGenesisEnvelope(envelopeBytes: Uint8Array): { consortium: Consortium; configBytes: Uint8Array } {
  const envelope = decodeMessage(common.Envelope, envelopeBytes);
  const payload = decodeMessage(common.Payload, envelope.getPayload_asU8());
  const header = payload.getHeader() ?? new common.Header();
  const channelHeader = decodeMessage(common.ChannelHeader, header.getChannelHeader_asU8());
  const configBytes = payload.getData_asU8();
  const channel = decodeMessage(common.ConfigEnvelope, configBytes).getConfig()?.getChannelGroup();
  const application = channel?.getGroupsMap().get("Application");
  const orderer = channel?.getGroupsMap().get("Orderer");
  if (channelHeader.getType() !== common.HeaderType.CONFIG || application === undefined || orderer === undefined) {
    throw new MalformedMessageError(new RangeError("not a channel's configuration"));
  }
  const consortium = {
    channelName: channelHeader.getChannelId(),
    organisations: readOrganisations(application),
    orderers: readOrderers(orderer),
    endorsingOrganisationsMin: readOrganisationsMin(application),
  };
  return { consortium, configBytes };
}

/** Type 1 of `common.Policy`: a signature policy. */
const SIGNATURE_POLICY = 1;

/** Organisations with their root certificates, and how many of them have to endorse. */
function buildApplication(consortium: Consortium): common.ConfigGroup {
  const application = new common.ConfigGroup();
  for (const { mspId, authorityPem } of consortium.organisations) {
    const provider = new msp.FabricMSPConfig();
    provider.setName(mspId);
    provider.setRootCertsList([Buffer.from(authorityPem)]);
    const config = new msp.MSPConfig();
    config.setConfig(provider.serializeBinary());
    const group = new common.ConfigGroup();
    group.getValuesMap().set("MSP", configValue(config.serializeBinary()));
    application.getGroupsMap().set(mspId, group);
  }
  const mspIds = consortium.organisations.map(({ mspId }) => mspId);
  const policy = new common.Policy();
  policy.setType(SIGNATURE_POLICY);
  policy.setValue(buildEndorsementPolicy(mspIds, consortium.endorsingOrganisationsMin));
  const endorsement = new common.ConfigPolicy();
  endorsement.setPolicy(policy);
  application.getPoliciesMap().set("Endorsement", endorsement);
  return application;
}

/** The nodes that make blocks, as SmartBFT's consenter mapping has them: numbered from 1. */
function buildOrderer(consortium: Consortium): common.ConfigGroup {
  const orderers = new common.Orderers();
  for (const [index, { mspId, certificatePem }] of consortium.orderers.entries()) {
    const consenter = orderers.addConsenterMapping();
    consenter.setId(index + 1);
    consenter.setMspId(mspId);
    consenter.setIdentity(Buffer.from(certificatePem));
  }
  const group = new common.ConfigGroup();
  group.getValuesMap().set("Orderers", configValue(orderers.serializeBinary()));
  return group;
}

function configValue(bytes: Uint8Array): common.ConfigValue {
  const value = new common.ConfigValue();
  value.setValue(bytes);
  return value;
}

function configBytesOf(group: common.ConfigGroup, name: string): Uint8Array {
  return group.getValuesMap().get(name)?.getValue_asU8() ?? new Uint8Array();
}

function readOrganisations(application: common.ConfigGroup): Organisation[] {
  const organisations: Organisation[] = [];
  application.getGroupsMap().forEach((group: common.ConfigGroup, mspId: string) => {
    const config = decodeMessage(msp.MSPConfig, configBytesOf(group, "MSP"));
    const provider = decodeMessage(msp.FabricMSPConfig, config.getConfig_asU8());
    const [authority] = provider.getRootCertsList_asU8();
    organisations.push({ mspId, authorityPem: Buffer.from(authority ?? []).toString() });
  });
  return organisations;
}

function readOrderers(orderer: common.ConfigGroup): { mspId: string; certificatePem: string }[] {
  return decodeMessage(common.Orderers, configBytesOf(orderer, "Orderers"))
    .getConsenterMappingList()
    .map((consenter) => ({
      mspId: consenter.getMspId(),
      certificatePem: Buffer.from(consenter.getIdentity_asU8()).toString(),
    }));
}

/** 0, which no consortium has, when the policy is of another shape. */
function readOrganisationsMin(application: common.ConfigGroup): number {
  const policy = application.getPoliciesMap().get("Endorsement")?.getPolicy();
  const envelope = decodeMessage(common.SignaturePolicyEnvelope, policy?.getValue_asU8() ?? new Uint8Array());
  return envelope.getRule()?.getNOutOf()?.getN() ?? 0;
}
