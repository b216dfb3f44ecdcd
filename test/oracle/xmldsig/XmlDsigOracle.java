import com.sun.org.apache.xml.internal.security.Init;
import com.sun.org.apache.xml.internal.security.c14n.Canonicalizer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.ExcC14NParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXParseException;

/**
 * XML signatures by the JDK alone, for comparison. One request a line on standard input, one answer a line on standard output, fields
 * separated by tabs, octets in base64:
 *
 *   key      PKCS8 CERTIFICATE                     what to sign with and to verify with
 *   sign     XML URI FORM TRANSFORM…               the ds:Signature to stand before the comment "signature"
 *   verify   XML                                   "valid" if every signature is
 *   canon    XML ID FORM                           the canonical form of the document (ID empty) or of one element
 *
 * A form is "URI" or "URI PREFIX,PREFIX"; the first transform may be "enveloped". An answer is "ok" with its value, or "error" with a
 * message.
 */
public class XmlDsigOracle {
  private static final XMLSignatureFactory SIGNATURES = XMLSignatureFactory.getInstance("DOM");
  private static final String WSU =
      "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
  private static final String RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  private static PrivateKey key;
  private static X509Certificate certificate;

  public static void main(String[] args) throws Exception {
    Init.init();
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        out.println("ok\t" + answer(line.split("\t", -1)));
      } catch (Exception | StackOverflowError error) {
        out.println("error\t" + String.valueOf(error).replaceAll("\\s+", " "));
      }
    }
    out.flush();
  }

  private static String answer(String[] request) throws Exception {
    switch (request[0]) {
      case "key":
        key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(octets(request[1])));
        certificate =
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(octets(request[2])));
        return "";
      case "sign":
        return sign(parse(octets(request[1])), request[2], request[3], Arrays.asList(request).subList(4, request.length));
      case "verify":
        return verify(parse(octets(request[1])));
      case "canon":
        return canonical(parse(octets(request[1])), request[2], request[3]);
      default:
        throw new IllegalArgumentException("unknown request");
    }
  }

  private static String sign(Document document, String uri, String form, List<String> steps) throws Exception {
    List<Transform> transforms = new ArrayList<>();
    for (String step : steps) {
      transforms.add(
          step.equals("enveloped")
              ? SIGNATURES.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null)
              : SIGNATURES.newTransform(uriOf(step), (TransformParameterSpec) parametersOf(step)));
    }
    Reference reference =
        SIGNATURES.newReference(
            uri, SIGNATURES.newDigestMethod(DigestMethod.SHA256, null), transforms, null, null);
    SignedInfo info =
        SIGNATURES.newSignedInfo(
            SIGNATURES.newCanonicalizationMethod(uriOf(form), (C14NMethodParameterSpec) parametersOf(form)),
            SIGNATURES.newSignatureMethod(RSA_SHA256, null),
            List.of(reference));
    KeyInfoFactory keys = SIGNATURES.getKeyInfoFactory();
    Node place = commentIn(document);
    DOMSignContext context = new DOMSignContext(key, place.getParentNode(), place);
    context.setDefaultNamespacePrefix("ds");
    SIGNATURES
        .newXMLSignature(info, keys.newKeyInfo(List.of(keys.newX509Data(List.of(certificate)))))
        .sign(context);
    ByteArrayOutputStream signature = new ByteArrayOutputStream();
    Canonicalizer.getInstance(CanonicalizationMethod.EXCLUSIVE)
        .canonicalizeSubtree(place.getPreviousSibling(), signature);
    return base64(signature.toByteArray());
  }

  private static String verify(Document document) throws Exception {
    NodeList signatures = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
    boolean valid = signatures.getLength() > 0;
    for (int index = 0; index < signatures.getLength(); index += 1) {
      DOMValidateContext context = new DOMValidateContext(certificate.getPublicKey(), signatures.item(index));
      valid &= SIGNATURES.unmarshalXMLSignature(context).validate(context);
    }
    return valid ? "valid" : "invalid";
  }

  private static String canonical(Document document, String id, String form) throws Exception {
    Node apex = id.isEmpty() ? document : document.getElementById(id);
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    Canonicalizer canonicalizer = Canonicalizer.getInstance(uriOf(form));
    String[] parts = form.split(" ");
    if (parts.length == 1) canonicalizer.canonicalizeSubtree(apex, octets);
    else canonicalizer.canonicalizeSubtree(apex, parts[1].replace(',', ' '), octets);
    return base64(octets.toByteArray());
  }

  private static String uriOf(String form) {
    return form.split(" ")[0];
  }

  private static Object parametersOf(String form) {
    String[] parts = form.split(" ");
    return parts.length == 1 ? null : new ExcC14NParameterSpec(Arrays.asList(parts[1].split(",")));
  }

  private static Document parse(byte[] xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    DocumentBuilder builder = factory.newDocumentBuilder();
    builder.setErrorHandler(
        new ErrorHandler() {
          public void warning(SAXParseException error) {}

          public void error(SAXParseException error) throws SAXParseException {
            throw error;
          }

          public void fatalError(SAXParseException error) throws SAXParseException {
            throw error;
          }
        });
    Document document = builder.parse(new ByteArrayInputStream(xml));
    markIdentifiers(document.getDocumentElement());
    return document;
  }

  /** The attributes that identify an element without a schema. */
  private static void markIdentifiers(Element element) {
    NamedNodeMap attributes = element.getAttributes();
    for (int index = 0; index < attributes.getLength(); index += 1) {
      Attr attribute = (Attr) attributes.item(index);
      String namespace = attribute.getNamespaceURI();
      String name = attribute.getLocalName();
      boolean plain = namespace == null && name.matches("Id|ID|id");
      boolean wsu = WSU.equals(namespace) && name.equals("Id");
      boolean xml = "http://www.w3.org/XML/1998/namespace".equals(namespace) && name.equals("id");
      if (plain || wsu || xml) element.setIdAttributeNode(attribute, true);
    }
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element) markIdentifiers((Element) child);
    }
  }

  private static Node commentIn(Node node) {
    if (node.getNodeType() == Node.COMMENT_NODE && node.getNodeValue().equals("signature")) return node;
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      Node found = commentIn(child);
      if (found != null) return found;
    }
    return null;
  }

  private static byte[] octets(String text) {
    return Base64.getDecoder().decode(text);
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }
}
