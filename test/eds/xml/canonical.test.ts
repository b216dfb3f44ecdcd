import { describe, expect, it } from '@jest/globals';
import { canonicalise } from '../../../src/eds/xml/canonical.js';
import { canonicalFormOf } from '../../../src/eds/xml/canonical-form.js';
import { elementFinder } from '../../../src/eds/xml/identifiers.js';
import { scanXml } from '../../../src/eds/xml/scanner.js';

const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const C14N_11 = 'http://www.w3.org/2006/12/xml-c14n11';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

function formOf(xml: string, uri: string, id = '', prefixes: readonly string[] = []): string {
  const document = scanXml(xml);
  const apex = id === '' ? document : elementFinder(document)(`#${id}`);
  return Buffer.from(canonicalise(apex, canonicalFormOf(uri, prefixes)!, 1 << 20).octets).toString('utf8');
}

describe('Canonical XML 1.0', () => {
  // §3.1
  const instructions =
    '<?xml version="1.0"?>\n\n<?xml-stylesheet   href="doc.xsl"\n   type="text/xsl"   ?>\n\n' +
    '<doc>Hello, world!<!-- Comment 1 --></doc>\n\n<?pi-without-data     ?>\n\n<!-- Comment 2 -->\n\n<!-- Comment 3 -->\n';

  it('keeps instructions and, if told to, comments (example 3.1)', () => {
    expect(formOf(instructions, C14N)).toBe(
      '<?xml-stylesheet href="doc.xsl"\n   type="text/xsl"   ?>\n<doc>Hello, world!</doc>\n<?pi-without-data?>',
    );
    expect(formOf(instructions, `${C14N}#WithComments`)).toBe(
      '<?xml-stylesheet href="doc.xsl"\n   type="text/xsl"   ?>\n<doc>Hello, world!<!-- Comment 1 --></doc>\n' +
        '<?pi-without-data?>\n<!-- Comment 2 -->\n<!-- Comment 3 -->',
    );
  });

  it('orders declarations and attributes (example 3.3)', () => {
    const xml =
      '<doc><e1   /><e2   ></e2><e3   name = "elem3"   id="elem3"   />' +
      '<e5 a:attr="out" b:attr="sorted" attr2="all" attr="I\'m"\n xmlns:b="http://www.ietf.org"\n' +
      ' xmlns:a="http://www.w3.org"\n xmlns="http://example.org"/>' +
      '<e6 xmlns="" xmlns:a="http://www.w3.org"><e7 xmlns="http://www.ietf.org"><e8 xmlns="" xmlns:a="http://www.w3.org"/></e7></e6></doc>';
    expect(formOf(xml, C14N)).toBe(
      '<doc><e1></e1><e2></e2><e3 id="elem3" name="elem3"></e3>' +
        '<e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I\'m" attr2="all" b:attr="sorted" a:attr="out"></e5>' +
        '<e6 xmlns:a="http://www.w3.org"><e7 xmlns="http://www.ietf.org"><e8 xmlns=""></e8></e7></e6></doc>',
    );
  });

  it('resolves references and escapes what it must (example 3.4)', () => {
    const xml =
      '<doc>\r\n<text>First line&#x0d;&#10;Second line</text><value>&#x32;</value>' +
      `<compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>` +
      `<compute expr='value>"0" &amp;&amp; value&lt;"10" ?"valid":"error"'>valid</compute>` +
      `<norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/></doc>`;
    expect(formOf(xml, C14N)).toBe(
      '<doc>\n<text>First line&#xD;\nSecond line</text><value>2</value>' +
        '<compute>value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</compute>' +
        '<compute expr="value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;">valid</compute>' +
        `<norm attr=" '    &#xD;&#xA;&#x9;   ' "></norm></doc>`,
    );
  });

  it('lets an element inherit the nearest of each xml attribute, and all namespaces', () => {
    const xml =
      '<a xmlns="urn:a" xmlns:p="urn:p" xml:lang="kk" xml:space="preserve" xml:base="http://x/"><b xml:lang="ru" xml:id="b"><c Id="c" xml:space="default"/></b></a>';
    expect(formOf(xml, C14N, 'c')).toBe(
      '<c xmlns="urn:a" xmlns:p="urn:p" Id="c" xml:base="http://x/" xml:id="b" xml:lang="ru" xml:space="default"></c>',
    );
  });

  it('keeps what XML 1.1 would take for line ends', () => {
    expect(formOf('<a>\u0085\u2028\r\n\r</a>', C14N)).toBe('<a>\u0085\u2028\n\n</a>');
  });

  it('orders names by code point, not by halves of pairs', () => {
    expect(formOf('<a \u{10000}="1" \uF900="2"/>', C14N)).toBe('<a \uF900="2" \u{10000}="1"></a>');
  });

  it.each([C14N, C14N_11, EXCLUSIVE])('has no form of a namespace that is a relative URI: %s', (uri) => {
    expect(() => formOf('<a xmlns="relative"/>', uri)).toThrow('a namespace is a relative URI');
  });
});

describe('Canonical XML 1.1', () => {
  it('leaves xml:id behind and lets xml:lang and xml:space be inherited', () => {
    const xml = '<a xml:lang="kk" xml:id="a" xml:space="preserve" xml:other="1"><b Id="b"/></a>';
    expect(formOf(xml, C14N_11, 'b')).toBe('<b Id="b" xml:lang="kk" xml:space="preserve"></b>');
  });

  it.each([
    ['http://example.kz/a/b', 'c', 'http://example.kz/a/c'],
    ['http://example.kz/a/b/', '../c', 'http://example.kz/a/c'],
    ['http://example.kz', 'c', 'http://example.kz/c'],
    ['http://example.kz/a?q#f', '?r', 'http://example.kz/a?r'],
    ['http://example.kz/a?q', '', 'http://example.kz/a?q'],
    ['http://example.kz/a', 'https://other.kz/x/../y', 'https://other.kz/y'],
    ['http://example.kz/a', '//other.kz/x', 'http://other.kz/x'],
    ['a/b/', '../../../c', '../c'],
    ['..', '..', '../../'],
    ['..', 'a', '../a'],
    ['/h/../i', '../f', '/f'],
    ['a//b/', './/c/.', 'a/b/c/'],
  ])('joins xml:base %s with %s', (base, own, joined) => {
    const xml = `<a xml:base="${base}"><b><c Id="c" xml:base="${own}"/></b></a>`;
    expect(formOf(xml, C14N_11, 'c')).toBe(`<c Id="c" xml:base="${joined}"></c>`);
  });

  it('joins all that stand above, and writes none that is empty', () => {
    const xml = '<a xml:base="http://example.kz/a/"><b xml:base="b/"><c Id="c"/></b></a>';
    expect(formOf(xml, C14N_11, 'c')).toBe('<c Id="c" xml:base="http://example.kz/a/b/"></c>');
    expect(formOf('<a xml:base=""><c Id="c"/></a>', C14N_11, 'c')).toBe('<c Id="c"></c>');
  });
});

describe('Exclusive XML Canonicalization', () => {
  const xml =
    '<n0:pdu xmlns:n0="urn:pdu" xmlns:n1="urn:n1" xmlns="urn:d" xml:lang="kk"><n1:elem2 Id="e" xmlns:n3="urn:n3"><n3:stuff/><plain n0:a="1"/></n1:elem2></n0:pdu>';

  it('writes what is visibly used where it is used', () => {
    expect(formOf(xml, EXCLUSIVE, 'e')).toBe(
      '<n1:elem2 xmlns:n1="urn:n1" Id="e"><n3:stuff xmlns:n3="urn:n3"></n3:stuff>' +
        '<plain xmlns="urn:d" xmlns:n0="urn:pdu" n0:a="1"></plain></n1:elem2>',
    );
  });

  it('writes the listed prefixes as the inclusive forms do, the default namespace too', () => {
    expect(formOf(xml, EXCLUSIVE, 'e', ['', 'n0', 'n3', 'nowhere'])).toBe(
      '<n1:elem2 xmlns="urn:d" xmlns:n0="urn:pdu" xmlns:n1="urn:n1" xmlns:n3="urn:n3" Id="e"><n3:stuff></n3:stuff>' +
        '<plain n0:a="1"></plain></n1:elem2>',
    );
  });

  it('takes the default namespace back only where it was written', () => {
    expect(formOf('<a xmlns="urn:a"><b xmlns=""><c/></b></a>', EXCLUSIVE)).toBe(
      '<a xmlns="urn:a"><b xmlns=""><c></c></b></a>',
    );
    expect(formOf('<p:a xmlns="urn:a" xmlns:p="urn:p"><b xmlns=""/></p:a>', EXCLUSIVE)).toBe(
      '<p:a xmlns:p="urn:p"><b></b></p:a>',
    );
  });
});
