// What BouncyCastle reads and finds in certificates, CMS messages, time-stamps, OCSP answers and CRLs of НУЦ РК.
// BouncyCastle knows none of НУЦ РК's OIDs, so the structure is read by its own classes and only the arithmetic is mapped:
// the key is x || y and the signature r || s, each little-endian, over a digest with НУЦ РК's names.
//
// One request a line on standard input, one answer a line on standard output, fields separated by tabs:
//   KIND base64 [name=value]...   ->   name=value ...
import java.io.*;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.*;
import java.util.stream.*;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.*;
import org.bouncycastle.asn1.cryptopro.ECGOST3410NamedCurves;
import org.bouncycastle.asn1.ess.*;
import org.bouncycastle.asn1.ocsp.*;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.*;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.*;
import org.bouncycastle.cert.ocsp.*;
import org.bouncycastle.cms.*;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.*;
import org.bouncycastle.crypto.engines.GOST28147Engine;
import org.bouncycastle.crypto.params.*;
import org.bouncycastle.crypto.signers.ECGOST3410_2012Signer;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.*;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.tsp.*;

public class Oracle {
  static final BouncyCastleProvider BC = new BouncyCastleProvider();
  static final String KZ = "1.2.398.3.10.1.";
  static final Map<String, X509CertificateHolder> authorities = new LinkedHashMap<>();
  static final Set<String> anchors = new HashSet<>();
  static final Map<String, Boolean> links = new HashMap<>();

  // ---- НУЦ РК's algorithms

  /** Key OID, curve in BouncyCastle, second parameter of the key, octets of a coordinate, digest, OIDs that name the signature. */
  record Gost(String key, String parameters, String digest, String curve, int octets, String russian, List<String> signatures) {}

  static final List<Gost> GOST = List.of(
      new Gost(KZ + "1.1.1", KZ + "1.1.1.1 " + KZ + "3.1.1.0", KZ + "3.1", "GostR3410-2001-CryptoPro-A", 32, "1.2.643.2.2.19 1.2.643.2.2.35.1 1.2.643.2.2.30.1",
          List.of(KZ + "1.1.2", KZ + "1.1.1")),
      new Gost(KZ + "1.2.1", KZ + "1.2.1.1 " + KZ + "3.2", KZ + "3.2", "Tc26-Gost-3410-12-256-paramSetA", 32, "1.2.643.7.1.1.1.1 1.2.643.7.1.2.1.1.1 1.2.643.7.1.1.2.2",
          List.of(KZ + "1.2.3.1")),
      new Gost(KZ + "1.2.2", KZ + "1.2.2.1 " + KZ + "3.3", KZ + "3.3", "Tc26-Gost-3410-12-512-paramSetA", 64, "1.2.643.7.1.1.1.2 1.2.643.7.1.2.1.2.1 1.2.643.7.1.1.2.3",
          List.of(KZ + "1.2.3.2")));

  static Digest digest(String oid) {
    return switch (oid) {
      case KZ + "3.1" -> new GOST3411Digest(GOST28147Engine.getSBox("D-TEST"));
      case KZ + "3.2" -> new GOST3411_2012_256Digest();
      case KZ + "3.3" -> new GOST3411_2012_512Digest();
      default -> null;
    };
  }

  static boolean bare(AlgorithmIdentifier algorithm) {
    return algorithm.getParameters() == null || DERNull.INSTANCE.equals(algorithm.getParameters());
  }

  /** RFC 5280 and RFC 4055 tell absent from NULL; НУЦ РК does not. */
  static boolean same(AlgorithmIdentifier one, AlgorithmIdentifier other) {
    return one.getAlgorithm().equals(other.getAlgorithm())
        && ((bare(one) && bare(other)) || Objects.equals(one.getParameters(), other.getParameters()));
  }

  static final DigestCalculatorProvider DIGESTS = algorithm -> {
    Digest own = bare(algorithm) ? digest(algorithm.getAlgorithm().getId()) : null;
    if (own == null) return new BcDigestCalculatorProvider().get(algorithm);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    return new DigestCalculator() {
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return algorithm;
      }

      public OutputStream getOutputStream() {
        return data;
      }

      public byte[] getDigest() {
        return Oracle.digestOf(own, data.toByteArray());
      }
    };
  };

  static byte[] digestOf(Digest digest, byte[] data) {
    byte[] result = new byte[digest.getDigestSize()];
    digest.update(data, 0, data.length);
    digest.doFinal(result, 0);
    return result;
  }

  static BigInteger littleEndian(byte[] octets, int from, int to) {
    byte[] reversed = new byte[to - from];
    for (int i = from; i < to; i++) reversed[to - 1 - i] = octets[i];
    return new BigInteger(1, reversed);
  }

  /** The signature of a НУЦ РК key over data, with everything that could be lenient left strict. */
  static boolean gostHolds(Gost gost, SubjectPublicKeyInfo key, byte[] data, byte[] signature) {
    int octets = gost.octets();
    try {
      byte[] point = ASN1OctetString.getInstance(key.getPublicKeyData().getOctets()).getOctets();
      if (point.length != 2 * octets || signature.length != 2 * octets) return false;
      X9ECParameters p = ECGOST3410NamedCurves.getByNameX9(gost.curve());
      ECDomainParameters domain = new ECDomainParameters(p.getCurve(), p.getG(), p.getN(), p.getH());
      ECGOST3410_2012Signer signer = new ECGOST3410_2012Signer();
      signer.init(false, new ECPublicKeyParameters(
          p.getCurve().createPoint(littleEndian(point, 0, octets), littleEndian(point, octets, 2 * octets)), domain));
      return signer.verifySignature(digestOf(digest(gost.digest()), data),
          littleEndian(signature, 0, octets), littleEndian(signature, octets, 2 * octets));
    } catch (RuntimeException refused) {
      return false;
    }
  }

  static Gost gostOf(SubjectPublicKeyInfo key) {
    for (Gost gost : GOST) if (gost.key().equals(key.getAlgorithm().getAlgorithm().getId())) {
      ASN1Encodable parameters = key.getAlgorithm().getParameters();
      if (!(parameters instanceof ASN1Sequence sequence)) return null;
      String named = Stream.of(sequence.toArray()).map(Object::toString).collect(Collectors.joining(" "));
      return named.equals(gost.parameters()) ? gost : null;
    }
    return null;
  }

  /** Verifies with a public key whatever algorithm a structure of BouncyCastle asks for. */
  record Verifier(SubjectPublicKeyInfo key, X509CertificateHolder certificate) implements ContentVerifierProvider {
    public boolean hasAssociatedCertificate() {
      return certificate != null;
    }

    public X509CertificateHolder getAssociatedCertificate() {
      return certificate;
    }

    public ContentVerifier get(AlgorithmIdentifier algorithm) throws OperatorCreationException {
      if (!algorithm.getAlgorithm().getId().startsWith(KZ)) {
        return new JcaContentVerifierProviderBuilder().setProvider(BC).build(key).get(algorithm);
      }
      Gost gost = gostOf(key);
      if (gost == null || !bare(algorithm) || !gost.signatures().contains(algorithm.getAlgorithm().getId())) {
        throw new OperatorCreationException("the key does not fit the algorithm");
      }
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      return new ContentVerifier() {
        public AlgorithmIdentifier getAlgorithmIdentifier() {
          return algorithm;
        }

        public OutputStream getOutputStream() {
          return data;
        }

        public boolean verify(byte[] expected) {
          return gostHolds(gost, key, data.toByteArray(), expected);
        }
      };
    }
  }

  static boolean holds(SubjectPublicKeyInfo key, AlgorithmIdentifier algorithm, byte[] data, byte[] signature) {
    try {
      ContentVerifier verifier = new Verifier(key, null).get(algorithm);
      verifier.getOutputStream().write(data);
      return verifier.verify(signature);
    } catch (Exception refused) {
      return false;
    }
  }

  /** In CMS the digest stands in a field of its own, and the signature may be named by the key. */
  static SignerInformationVerifier signerVerifier(X509CertificateHolder certificate, boolean associated) {
    CMSSignatureAlgorithmNameGenerator names = (digest, signature) -> {
      String oid = signature.getAlgorithm().getId();
      if (!oid.startsWith(KZ)) {
        if (digest.getAlgorithm().getId().startsWith(KZ)) throw new IllegalArgumentException("the digest does not fit");
        return new DefaultCMSSignatureAlgorithmNameGenerator().getSignatureName(digest, signature);
      }
      for (Gost gost : GOST) {
        if (gost.signatures().contains(oid) && gost.digest().equals(digest.getAlgorithm().getId())) return oid;
      }
      throw new IllegalArgumentException("the digest does not fit");
    };
    SignatureAlgorithmIdentifierFinder finder = name -> name.startsWith(KZ)
        ? new AlgorithmIdentifier(new ASN1ObjectIdentifier(name))
        : new DefaultSignatureAlgorithmIdentifierFinder().find(name);
    Verifier verifier = new Verifier(certificate.getSubjectPublicKeyInfo(), associated ? certificate : null);
    return new SignerInformationVerifier(names, finder, verifier, DIGESTS);
  }

  /** The same question for OpenSSL's GOST engine: key under Russia's names, digest, signature as RFC 4491 writes it. */
  static void engine(Answer answer, String in, SubjectPublicKeyInfo key, byte[] data, byte[] signature) throws IOException {
    Gost gost = gostOf(key);
    if (gost == null || signature.length != 2 * gost.octets()) return;
    String[] names = gost.russian().split(" ");
    ASN1EncodableVector parameters = new ASN1EncodableVector();
    parameters.add(new ASN1ObjectIdentifier(names[1]));
    parameters.add(new ASN1ObjectIdentifier(names[2]));
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(new ASN1ObjectIdentifier(names[0]), new DERSequence(parameters));
    byte[] reversed = new byte[signature.length];
    for (int i = 0; i < reversed.length; i++) reversed[reversed.length - 1 - i] = signature[i];
    answer.put(in + "engineKey", hex(new SubjectPublicKeyInfo(algorithm, key.getPublicKeyData().getOctets()).getEncoded()));
    answer.put(in + "engineDigest", hex(digestOf(digest(gost.digest()), data)));
    answer.put(in + "engineSignature", hex(reversed));
  }

  // ---- octets

  static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  static String sha256(byte[] octets) {
    try {
      return hex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (java.security.GeneralSecurityException never) {
      throw new IllegalStateException(never);
    }
  }

  /** The encoded elements inside a definite-length constructed value, as they came: BouncyCastle would write them anew. */
  static List<byte[]> elements(byte[] whole) {
    List<byte[]> found = new ArrayList<>();
    int at = header(whole, 0), end = at + length(whole, 0);
    while (at < end) {
      int next = header(whole, at) + length(whole, at);
      found.add(Arrays.copyOfRange(whole, at, next));
      at = next;
    }
    return found;
  }

  static int header(byte[] octets, int at) {
    int first = octets[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  static int length(byte[] octets, int at) {
    int first = octets[at + 1] & 0xff;
    if (first < 0x80) return first;
    int value = 0;
    for (int i = 0; i < (first & 0x7f); i++) value = value << 8 | (octets[at + 2 + i] & 0xff);
    return value;
  }

  static String time(Date date) {
    return date == null ? "-" : String.valueOf(date.getTime());
  }

  /** Name, encoded as BouncyCastle writes it. */
  static String name(org.bouncycastle.asn1.x500.X500Name name) throws IOException {
    return sha256(name.getEncoded(ASN1Encoding.DER));
  }

  // ---- certificates and paths

  static String print(X509CertificateHolder certificate) {
    try {
      return sha256(certificate.getEncoded());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  static boolean signedBy(byte[] der, X509CertificateHolder certificate, X509CertificateHolder issuer) {
    return links.computeIfAbsent(sha256(der) + print(issuer), ignored -> {
      TBSCertificate tbs = certificate.toASN1Structure().getTBSCertificate();
      return same(tbs.getSignature(), certificate.getSignatureAlgorithm())
          && holds(issuer.getSubjectPublicKeyInfo(), certificate.getSignatureAlgorithm(), elements(der).get(0), certificate.getSignature());
    });
  }

  static boolean mayIssue(X509CertificateHolder certificate) {
    BasicConstraints constraints = BasicConstraints.fromExtensions(certificate.getExtensions());
    KeyUsage usage = KeyUsage.fromExtensions(certificate.getExtensions());
    return constraints != null && constraints.isCA() && (usage == null || usage.hasUsages(KeyUsage.keyCertSign));
  }

  /** The authorities whose signature a certificate bears, by name and by arithmetic. */
  static List<X509CertificateHolder> issuersOf(byte[] der, X509CertificateHolder certificate) {
    return authorities.values().stream()
        .filter(issuer -> issuer.getSubject().equals(certificate.getIssuer()) && mayIssue(issuer))
        .filter(issuer -> signedBy(der, certificate, issuer))
        .toList();
  }

  /** Whether there is a path to an anchor with every certificate in its validity: what all profiles ask for. */
  static boolean path(byte[] der, X509CertificateHolder certificate, Date at, int below) throws IOException {
    if (!certificate.isValidOn(at)) return false;
    if (anchors.contains(sha256(der))) return true;
    if (below > 4) return false;
    for (X509CertificateHolder issuer : issuersOf(der, certificate)) {
      BasicConstraints constraints = BasicConstraints.fromExtensions(issuer.getExtensions());
      BigInteger limit = constraints.getPathLenConstraint();
      if (limit != null && limit.intValue() < below) continue;
      if (path(issuer.getEncoded(), issuer, at, below + 1)) return true;
    }
    return false;
  }

  static void certificate(byte[] der, Map<String, String> asked, Answer answer) throws Exception {
    X509CertificateHolder certificate = new X509CertificateHolder(der);
    Extensions extensions = certificate.getExtensions();
    answer.put("serial", certificate.getSerialNumber());
    answer.put("issuer", name(certificate.getIssuer()));
    answer.put("subject", name(certificate.getSubject()));
    answer.put("notBefore", time(certificate.getNotBefore()));
    answer.put("notAfter", time(certificate.getNotAfter()));
    answer.put("signatureOid", certificate.getSignatureAlgorithm().getAlgorithm());
    answer.put("keyOid", certificate.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm());
    answer.put("key", hex(certificate.getSubjectPublicKeyInfo().getPublicKeyData().getOctets()));
    answer.put("extensions", extensions == null ? "" : Stream.of(extensions.getExtensionOIDs()).map(oid -> {
      Extension extension = extensions.getExtension(oid);
      return oid + ":" + extension.isCritical() + ":" + hex(extension.getExtnValue().getOctets());
    }).collect(Collectors.joining(",")));
    KeyUsage usage = KeyUsage.fromExtensions(extensions);
    answer.put("keyUsage", usage == null ? "-" : IntStream.range(0, 9)
        .filter(bit -> usage.hasUsages(bit < 8 ? 0x80 >> bit : 0x8000)).mapToObj(String::valueOf).collect(Collectors.joining(",")));
    ExtendedKeyUsage purposes = ExtendedKeyUsage.fromExtensions(extensions);
    answer.put("purposes", purposes == null ? "-"
        : Stream.of(purposes.getUsages()).map(KeyPurposeId::getId).collect(Collectors.joining(",")));
    BasicConstraints constraints = BasicConstraints.fromExtensions(extensions);
    answer.put("ca", constraints == null ? "-" : constraints.isCA() + ":" + constraints.getPathLenConstraint());
    SubjectKeyIdentifier own = SubjectKeyIdentifier.fromExtensions(extensions);
    answer.put("subjectKeyId", own == null ? "-" : hex(own.getKeyIdentifier()));
    AuthorityKeyIdentifier authority = AuthorityKeyIdentifier.fromExtensions(extensions);
    answer.put("authorityKeyId", authority == null || authority.getKeyIdentifier() == null ? "-" : hex(authority.getKeyIdentifier()));
    answer.put("signature", !issuersOf(der, certificate).isEmpty());
    answer.put("tbsAlgorithm", same(certificate.toASN1Structure().getTBSCertificate().getSignature(), certificate.getSignatureAlgorithm()));
    answer.put("valid", path(der, certificate, date(asked), 0));
    for (X509CertificateHolder issuer : issuersOf(der, certificate)) {
      engine(answer, "", issuer.getSubjectPublicKeyInfo(), elements(der).get(0), certificate.getSignature());
    }
  }

  static Date date(Map<String, String> asked) {
    return new Date(Long.parseLong(asked.get("at")));
  }

  // ---- CMS and time-stamps

  /** CertificateSet as it came: an unreadable member is left out. */
  static Map<String, byte[]> enclosed(CMSSignedData message) throws IOException {
    Map<String, byte[]> found = new LinkedHashMap<>();
    ASN1Set set = SignedData.getInstance(message.toASN1Structure().getContent()).getCertificates();
    if (set == null) return found;
    for (ASN1Encodable item : set) {
      byte[] der = item.toASN1Primitive().getEncoded(ASN1Encoding.DL);
      try {
        new X509CertificateHolder(der);
        found.put(sha256(der), der);
      } catch (IOException | RuntimeException unreadable) {
        continue;
      }
    }
    return found;
  }

  static byte[] certificateOf(SignerInformation signer, Collection<byte[]> enclosed) throws IOException {
    byte[] found = null;
    for (byte[] der : enclosed) {
      X509CertificateHolder certificate = new X509CertificateHolder(der);
      if (!signer.getSID().match(certificate)) continue;
      if (found != null) return null;
      found = der;
    }
    return found;
  }

  static Attribute attribute(SignerInformation signer, ASN1ObjectIdentifier type) {
    return signer.getSignedAttributes() == null ? null : signer.getSignedAttributes().get(type);
  }

  /** Whether the ESS attributes that are there name the certificate. */
  static boolean named(SignerInformation signer, byte[] der) throws Exception {
    X509CertificateHolder certificate = new X509CertificateHolder(der);
    Attribute first = attribute(signer, PKCSObjectIdentifiers.id_aa_signingCertificate);
    if (first != null) {
      ESSCertID id = SigningCertificate.getInstance(first.getAttributeValues()[0]).getCerts()[0];
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(der);
      if (!Arrays.equals(hash, id.getCertHash()) || !names(id.getIssuerSerial(), certificate)) return false;
    }
    Attribute second = attribute(signer, PKCSObjectIdentifiers.id_aa_signingCertificateV2);
    if (second != null) {
      ESSCertIDv2 id = SigningCertificateV2.getInstance(second.getAttributeValues()[0]).getCerts()[0];
      DigestCalculator digest = DIGESTS.get(id.getHashAlgorithm());
      digest.getOutputStream().write(der);
      if (!Arrays.equals(digest.getDigest(), id.getCertHash()) || !names(id.getIssuerSerial(), certificate)) return false;
    }
    return true;
  }

  static boolean names(IssuerSerial id, X509CertificateHolder certificate) {
    if (id == null) return true;
    return id.getSerial().getValue().equals(certificate.getSerialNumber())
        && Stream.of(id.getIssuer().getNames()).anyMatch(name -> name.getName().equals(certificate.getIssuer()));
  }

  static String claimed(SignerInformation signer) {
    Attribute attribute = attribute(signer, CMSAttributes.signingTime);
    if (attribute == null) return "-";
    try {
      return time(org.bouncycastle.asn1.cms.Time.getInstance(attribute.getAttributeValues()[0]).getDate());
    } catch (RuntimeException unusual) {
      return "?";
    }
  }

  static boolean verify(SignerInformation signer, byte[] der) {
    try {
      return signer.verify(signerVerifier(new X509CertificateHolder(der), false));
    } catch (CMSException | IOException | RuntimeException refused) {
      return false;
    }
  }

  static void cms(byte[] der, Map<String, String> asked, Answer answer) throws Exception {
    byte[] given = asked.containsKey("content") ? Base64.getDecoder().decode(asked.get("content")) : null;
    CMSSignedData message = new CMSSignedData(der);
    byte[] inside = message.getSignedContent() == null ? null : (byte[]) message.getSignedContent().getContent();
    if (inside == null && given != null) message = new CMSSignedData(new CMSProcessableByteArray(given), der);
    Map<String, byte[]> certificates = enclosed(message);
    List<SignerInformation> signers = new ArrayList<>(message.getSignerInfos().getSigners());
    answer.put("contentType", message.getSignedContentTypeOID());
    answer.put("content", inside == null ? "-" : sha256(inside));
    answer.put("certificates", String.join(",", new TreeSet<>(certificates.keySet())));
    answer.put("signers", signers.size());
    boolean contradicted = inside != null && given != null && !Arrays.equals(inside, given);
    boolean valid = !signers.isEmpty() && !contradicted;
    for (int i = 0; i < signers.size(); i++) valid &= signer(signers.get(i), certificates.values(), asked, answer, "signer." + i + ".");
    answer.put("valid", valid);
  }

  static boolean signer(SignerInformation signer, Collection<byte[]> certificates, Map<String, String> asked, Answer answer, String in)
      throws Exception {
    byte[] der = certificateOf(signer, certificates);
    AttributeTable signed = signer.getSignedAttributes();
    answer.put(in + "certificate", der == null ? "-" : sha256(der));
    answer.put(in + "digestOid", signer.getDigestAlgOID());
    answer.put(in + "signatureOid", signer.getEncryptionAlgOID());
    answer.put(in + "signatureValue", sha256(signer.getSignature()));
    answer.put(in + "attributes", signed == null ? "-" : sha256(signer.getEncodedSignedAttributes()));
    answer.put(in + "claimed", claimed(signer));
    boolean arithmetic = der != null && verify(signer, der);
    answer.put(in + "signature", arithmetic);
    boolean certified = der != null && path(der, new X509CertificateHolder(der), date(asked), 0);
    answer.put(in + "path", certified);
    if (arithmetic && signed != null) {
      SubjectPublicKeyInfo key = new X509CertificateHolder(der).getSubjectPublicKeyInfo();
      engine(answer, in, key, signer.getEncodedSignedAttributes(), signer.getSignature());
    }
    timestamps(signer, answer, in);
    return arithmetic && certified && named(signer, der);
  }

  static void timestamps(SignerInformation signer, Answer answer, String in) throws IOException {
    AttributeTable unsigned = signer.getUnsignedAttributes();
    List<byte[]> tokens = new ArrayList<>();
    if (unsigned != null) {
      ASN1EncodableVector all = unsigned.getAll(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
      for (int i = 0; i < all.size(); i++) {
        for (ASN1Encodable value : Attribute.getInstance(all.get(i)).getAttributeValues()) tokens.add(value.toASN1Primitive().getEncoded(ASN1Encoding.DL));
      }
    }
    answer.put(in + "timestamps", tokens.size());
    for (int i = 0; i < tokens.size(); i++) stamp(tokens.get(i), signer.getSignature(), answer, in + "timestamp." + i + ".");
  }

  /** A token over given octets, judged at the time it names. */
  static void stamp(byte[] der, byte[] stamped, Answer answer, String in) {
    String time = "-", serial = "-", nonce = "-", policy = "-";
    boolean valid = false;
    try {
      CMSSignedData message = new CMSSignedData(der);
      TimeStampToken token = new TimeStampToken(message);
      TimeStampTokenInfo info = token.getTimeStampInfo();
      time = time(info.getGenTime());
      serial = info.getSerialNumber().toString();
      nonce = info.getNonce() == null ? "-" : info.getNonce().toString();
      policy = info.getPolicy().getId();
      List<SignerInformation> signers = new ArrayList<>(message.getSignerInfos().getSigners());
      byte[] certificate = signers.size() == 1 ? certificateOf(signers.get(0), enclosed(message).values()) : null;
      if (certificate != null) {
        X509CertificateHolder holder = new X509CertificateHolder(certificate);
        token.validate(signerVerifier(holder, true));
        valid = path(certificate, holder, info.getGenTime(), 0) && (stamped == null || covers(info, stamped));
      }
    } catch (Exception refused) {
      valid = false;
    }
    answer.put(in + "time", time);
    answer.put(in + "serial", serial);
    answer.put(in + "nonce", nonce);
    answer.put(in + "policy", policy);
    answer.put(in + "valid", valid);
  }

  static boolean covers(TimeStampTokenInfo info, byte[] stamped) throws Exception {
    DigestCalculator digest = DIGESTS.get(info.getHashAlgorithm());
    digest.getOutputStream().write(stamped);
    return Arrays.equals(digest.getDigest(), info.getMessageImprintDigest());
  }

  static void token(byte[] der, Map<String, String> asked, Answer answer) throws Exception {
    new TimeStampToken(new CMSSignedData(der));
    stamp(der, asked.containsKey("content") ? Base64.getDecoder().decode(asked.get("content")) : null, answer, "");
  }

  static void tokenResponse(byte[] der, Map<String, String> asked, Answer answer) throws Exception {
    TimeStampResponse response = new TimeStampResponse(der);
    answer.put("status", response.getStatus());
    token(response.getTimeStampToken().getEncoded(), asked, answer);
  }

  // ---- revocation

  static X509CertificateHolder holder(Map<String, String> asked, String name) throws IOException {
    return new X509CertificateHolder(Base64.getDecoder().decode(asked.get(name)));
  }

  static void ocsp(byte[] der, Map<String, String> asked, Answer answer) throws Exception {
    OCSPResp response = new OCSPResp(der);
    answer.put("responseStatus", response.getStatus());
    if (response.getStatus() != OCSPResp.SUCCESSFUL) return;
    BasicOCSPResp basic = (BasicOCSPResp) response.getResponseObject();
    RespID responder = basic.getResponderId();
    ResponderID id = responder.toASN1Primitive();
    answer.put("responder", id.getName() == null ? "key:" + hex(id.getKeyHash()) : "name:" + name(id.getName()));
    answer.put("producedAt", time(basic.getProducedAt()));
    Extension nonce = basic.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
    answer.put("nonce", nonce == null ? "-" : hex(nonce.getExtnValue().getOctets()));
    answer.put("signatureOid", basic.getSignatureAlgOID());
    answer.put("responses", basic.getResponses().length);
    X509CertificateHolder certificate = holder(asked, "certificate"), issuer = holder(asked, "issuer");
    SingleResp matching = null;
    for (SingleResp single : basic.getResponses()) {
      CertificateID asks = single.getCertID();
      if (asks.getSerialNumber().equals(certificate.getSerialNumber()) && asks.matchesIssuer(issuer, new BcDigestCalculatorProvider())) {
        matching = single;
      }
    }
    answer.put("matches", matching != null);
    if (matching != null) {
      answer.put("thisUpdate", time(matching.getThisUpdate()));
      answer.put("nextUpdate", time(matching.getNextUpdate()));
      status(matching.getCertStatus(), basic, answer);
    }
    byte[] tbs = elements(basicOctets(der)).get(0);
    Optional<X509CertificateHolder> signer = responder(basic, tbs, issuer, date(asked));
    answer.put("valid", signer.isPresent());
    if (signer.isPresent()) engine(answer, "", signer.get().getSubjectPublicKeyInfo(), tbs, basic.getSignature());
  }

  static byte[] basicOctets(byte[] der) {
    return OCSPResponse.getInstance(der).getResponseBytes().getResponse().getOctets();
  }

  static void status(CertificateStatus status, BasicOCSPResp basic, Answer answer) {
    answer.put("extendedRevoke", basic.getExtension(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.48.1.9")) != null);
    if (status == CertificateStatus.GOOD) answer.put("status", "good");
    else if (status instanceof UnknownStatus) answer.put("status", "unknown");
    else if (status instanceof RevokedStatus revoked) {
      answer.put("status", "revoked");
      answer.put("revokedAt", time(revoked.getRevocationTime()));
      answer.put("reason", revoked.hasRevocationReason() ? revoked.getRevocationReason() : "-");
    }
  }

  /** RFC 6960 §4.2.2.2: the CA that issued the certificate in question, or a responder to whom it delegated. */
  static Optional<X509CertificateHolder> responder(BasicOCSPResp basic, byte[] tbs, X509CertificateHolder issuer, Date at) throws IOException {
    List<X509CertificateHolder> candidates = new ArrayList<>(List.of(issuer));
    for (X509CertificateHolder own : basic.getCerts()) {
      ExtendedKeyUsage purposes = ExtendedKeyUsage.fromExtensions(own.getExtensions());
      boolean delegated = purposes != null && purposes.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning)
          && own.getIssuer().equals(issuer.getSubject()) && own.isValidOn(at) && signedBy(own.getEncoded(), own, issuer);
      if (delegated) candidates.add(own);
    }
    return candidates.stream().filter(candidate -> is(basic.getResponderId().toASN1Primitive(), candidate)).filter(candidate ->
        holds(candidate.getSubjectPublicKeyInfo(), basic.getSignatureAlgorithmID(), tbs, basic.getSignature())).findFirst();
  }

  static boolean is(ResponderID id, X509CertificateHolder certificate) {
    if (id.getName() != null) return id.getName().equals(certificate.getSubject());
    try {
      byte[] bits = certificate.getSubjectPublicKeyInfo().getPublicKeyData().getBytes();
      return Arrays.equals(id.getKeyHash(), MessageDigest.getInstance("SHA-1").digest(bits));
    } catch (java.security.GeneralSecurityException never) {
      throw new IllegalStateException(never);
    }
  }

  static void crl(byte[] der, Map<String, String> asked, Answer answer) throws Exception {
    X509CRLHolder list = new X509CRLHolder(der);
    CertificateList structure = list.toASN1Structure();
    answer.put("version", structure.getVersionNumber());
    answer.put("issuer", name(list.getIssuer()));
    answer.put("thisUpdate", time(list.getThisUpdate()));
    answer.put("nextUpdate", time(list.getNextUpdate()));
    answer.put("number", number(list, Extension.cRLNumber));
    answer.put("base", number(list, Extension.deltaCRLIndicator));
    answer.put("size", list.getRevokedCertificates().size());
    answer.put("signatureOid", structure.getSignatureAlgorithm().getAlgorithm());
    for (String serial : asked.getOrDefault("serials", "").split(",")) {
      if (!serial.isEmpty()) answer.put("entry." + serial, entries(list, new BigInteger(serial)));
    }
    boolean agree = same(structure.getTBSCertList().getSignature(), structure.getSignatureAlgorithm());
    byte[] tbs = elements(der).get(0), signature = structure.getSignature().getOctets();
    Optional<X509CertificateHolder> signer = authorities.values().stream()
        .filter(issuer -> issuer.getSubject().equals(list.getIssuer()) && maySignLists(issuer))
        .filter(issuer -> holds(issuer.getSubjectPublicKeyInfo(), structure.getSignatureAlgorithm(), tbs, signature))
        .findFirst();
    answer.put("valid", agree && signer.isPresent());
    if (signer.isPresent()) engine(answer, "", signer.get().getSubjectPublicKeyInfo(), tbs, signature);
  }

  static boolean maySignLists(X509CertificateHolder issuer) {
    KeyUsage usage = KeyUsage.fromExtensions(issuer.getExtensions());
    return usage == null || usage.hasUsages(KeyUsage.cRLSign);
  }

  static String number(X509CRLHolder list, ASN1ObjectIdentifier type) {
    Extension extension = list.getExtension(type);
    return extension == null ? "-" : ASN1Integer.getInstance(extension.getParsedValue()).getValue().toString();
  }

  static String entries(X509CRLHolder list, BigInteger serial) {
    return ((Collection<?>) list.getRevokedCertificates()).stream().map(X509CRLEntryHolder.class::cast)
        .filter(entry -> entry.getSerialNumber().equals(serial))
        .map(entry -> {
          Extension reason = entry.getExtension(Extension.reasonCode);
          return entry.getRevocationDate().getTime() + ":"
              + (reason == null ? "-" : ASN1Enumerated.getInstance(reason.getParsedValue()).getValue());
        }).sorted().collect(Collectors.joining(","));
  }

  // ---- requests

  static class Answer {
    private final StringBuilder line = new StringBuilder();

    void put(String name, Object value) {
      line.append(line.isEmpty() ? "" : "\t").append(name).append('=').append(value);
    }
  }

  static String answer(String request) {
    String[] parts = request.split("\t");
    Answer answer = new Answer();
    try {
      byte[] der = Base64.getDecoder().decode(parts[1]);
      Map<String, String> asked = new HashMap<>();
      for (int i = 2; i < parts.length; i++) asked.put(parts[i].substring(0, parts[i].indexOf('=')), parts[i].substring(parts[i].indexOf('=') + 1));
      switch (parts[0]) {
        case "trust" -> {
          authorities.put(sha256(der), new X509CertificateHolder(der));
          if (asked.get("role").equals("anchor")) anchors.add(sha256(der));
        }
        case "certificate" -> certificate(der, asked, answer);
        case "cms" -> cms(der, asked, answer);
        case "token" -> token(der, asked, answer);
        case "token-response" -> tokenResponse(der, asked, answer);
        case "ocsp" -> ocsp(der, asked, answer);
        case "crl" -> crl(der, asked, answer);
        default -> throw new IllegalArgumentException("unknown request " + parts[0]);
      }
      answer.put("readable", true);
    } catch (Exception refused) {
      answer = new Answer();
      answer.put("readable", false);
      answer.put("why", refused.toString().replaceAll("\\s+", " "));
    }
    return answer.line.toString();
  }

  public static void main(String[] arguments) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    out.println("ready BouncyCastle " + BC.getVersionStr());
    out.flush();
    for (String line; (line = in.readLine()) != null; ) {
      out.println(answer(line));
      out.flush();
    }
  }
}
