// BouncyCastle as a peer, with the same lines as openssl.c; it is what NCANode's and Kalkan's arithmetic descends from.
// `verify` keeps one key object a record ("repeat key", whose tables BouncyCastle keeps); `verify-fresh` makes the key anew.
import java.io.*;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.util.*;
import org.bouncycastle.asn1.cryptopro.ECGOST3410NamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.*;
import org.bouncycastle.crypto.engines.GOST28147Engine;
import org.bouncycastle.crypto.params.*;
import org.bouncycastle.crypto.signers.ECGOST3410_2012Signer;

public class BouncyCastle {
  record Case(byte[] point, byte[] signature, byte[] digest) {}

  static final List<Case> cases = new ArrayList<>();
  static final List<ECPublicKeyParameters> keys = new ArrayList<>();
  static ECDomainParameters domain;

  static byte[] reversed(byte[] octets) {
    byte[] result = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) result[i] = octets[octets.length - 1 - i];
    return result;
  }

  static BigInteger number(byte[] littleEndian, int from, int to) {
    return new BigInteger(1, reversed(Arrays.copyOfRange(littleEndian, from, to)));
  }

  static byte[] field(DataInputStream in) throws IOException {
    byte[] octets = new byte[in.readUnsignedShort()];
    in.readFully(octets);
    return octets;
  }

  /** The point is the end of the SPKI; null where BouncyCastle refuses it. */
  static ECPublicKeyParameters key(byte[] point) {
    int half = point.length / 2;
    try {
      return new ECPublicKeyParameters(
          domain.getCurve().createPoint(number(point, 0, half), number(point, half, 2 * half)), domain);
    } catch (RuntimeException refused) {
      return null;
    }
  }

  static void load(String curve, String path) throws IOException {
    String name =
        switch (curve) {
          case "gost2015-512" -> "Tc26-Gost-3410-12-512-paramSetA";
          case "gost2015-256" -> "Tc26-Gost-3410-12-256-paramSetA";
          default -> "GostR3410-2001-CryptoPro-A";
        };
    X9ECParameters parameters = ECGOST3410NamedCurves.getByNameX9(name);
    domain = new ECDomainParameters(parameters.getCurve(), parameters.getG(), parameters.getN(), parameters.getH());
    cases.clear();
    keys.clear();
    int octets = curve.equals("gost2015-512") ? 128 : 64;
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(path)))) {
      while (true) {
        byte[] spki = field(in);
        byte[] point = Arrays.copyOfRange(spki, spki.length - octets, spki.length);
        // The peers' file carries s || r big-endian; reversed it is r || s little-endian.
        cases.add(new Case(point, reversed(field(in)), field(in)));
        keys.add(key(point));
      }
    } catch (EOFException end) {
    }
  }

  static boolean verify(ECPublicKeyParameters key, Case one) {
    if (key == null) return false;
    ECGOST3410_2012Signer signer = new ECGOST3410_2012Signer();
    signer.init(false, key);
    int half = one.signature.length / 2;
    try {
      return signer.verifySignature(
          one.digest, number(one.signature, 0, half), number(one.signature, half, 2 * half));
    } catch (RuntimeException refused) {
      return false;
    }
  }

  static Digest digest(String name) {
    return switch (name) {
      case "md_gost12_512" -> new GOST3411_2012_512Digest();
      case "md_gost12_256" -> new GOST3411_2012_256Digest();
      default -> new GOST3411Digest(GOST28147Engine.getSBox("D-TEST"));
    };
  }

  public static void main(String[] arguments) throws IOException {
    var threads = ManagementFactory.getThreadMXBean();
    var in = new BufferedReader(new InputStreamReader(System.in));
    var info = new org.bouncycastle.jce.provider.BouncyCastleProvider();
    System.out.println("ready BouncyCastle " + info.getVersionStr() + ", Java " + System.getProperty("java.version"));
    int at = 0;
    for (String line; (line = in.readLine()) != null; ) {
      String[] word = line.trim().split(" ");
      switch (word[0]) {
        case "load" -> {
          load(word[1], word[2]);
          at = 0;
          System.out.println(cases.size());
        }
        case "verify", "verify-fresh" -> {
          int count = Integer.parseInt(word[1]), valid = 0;
          boolean fresh = word[0].endsWith("fresh");
          long start = threads.getCurrentThreadCpuTime();
          for (int i = 0; i < count; i++) {
            // A repeated key is one key: BouncyCastle keeps the tables on the point.
            int which = fresh ? at : 0;
            Case one = cases.get(which);
            if (verify(fresh ? key(one.point) : keys.get(which), one)) valid++;
            at = (at + 1) % cases.size();
          }
          System.out.println(threads.getCurrentThreadCpuTime() - start + " " + valid);
        }
        case "verdicts" -> {
          StringBuilder verdicts = new StringBuilder();
          for (int i = 0; i < cases.size(); i++) verdicts.append(verify(keys.get(i), cases.get(i)) ? '1' : '0');
          System.out.println(verdicts);
        }
        case "digest" -> {
          byte[] data = new byte[Integer.parseInt(word[2])], out = new byte[64];
          int count = Integer.parseInt(word[3]);
          Digest digest = digest(word[1]);
          long start = threads.getCurrentThreadCpuTime();
          for (int i = 0; i < count; i++) {
            digest.update(data, 0, data.length);
            digest.doFinal(out, 0);
          }
          System.out.println(threads.getCurrentThreadCpuTime() - start + " " + count);
        }
        default -> System.exit(1);
      }
    }
  }
}
