// Generated from grammar/nabla.ne by grammar/compile.ts. Do not edit.
// Generated automatically by nearley, version 2.20.1
// http://github.com/Hardmath123/nearley

import * as act from "../actions.ts";
import { lexer } from "../../tokens/lexer.ts";

interface NearleyToken {
  value: any;
  [key: string]: any;
};

interface NearleyLexer {
  reset: (chunk: string, info: any) => void;
  next: () => NearleyToken | undefined;
  save: () => any;
  formatError: (token: never) => string;
  has: (tokenType: string) => boolean;
};

interface NearleyRule {
  name: string;
  symbols: NearleySymbol[];
  postprocess?: (d: any) => any;
};

type NearleySymbol = string | { type: string };

interface Grammar {
  Lexer: NearleyLexer | undefined;
  ParserRules: NearleyRule[];
  ParserStart: string;
};

const grammar: Grammar = {
  Lexer: lexer,
  ParserRules: [
    {"name": "document", "symbols": ["statement"], "postprocess": act.list},
    {"name": "document", "symbols": ["document", {type: "separator"}, "statement"], "postprocess": act.append},
    {"name": "statement", "symbols": ["declaration"], "postprocess": act.first},
    {"name": "statement", "symbols": ["side"], "postprocess": act.value},
    {"name": "statement", "symbols": ["side", {type: "equals"}, "side"], "postprocess": act.equation},
    {"name": "side", "symbols": ["comparison"], "postprocess": act.first},
    {"name": "side", "symbols": ["derivative"], "postprocess": act.first},
    {"name": "derivative", "symbols": [{type: "partial"}, "product", {type: "over"}, "targets"], "postprocess": act.derivative},
    {"name": "derivative", "symbols": [{type: "partial"}, {type: "over"}, "targets", "product"], "postprocess": act.operator},
    {"name": "derivative", "symbols": [{type: "partial"}, {type: "over"}, "targets", "summed"], "postprocess": act.operator},
    {"name": "derivative", "symbols": [{type: "partial"}, {type: "superscript"}, "product", {type: "over"}, "targets"], "postprocess": act.higherDerivative},
    {"name": "derivative", "symbols": [{type: "partial"}, {type: "superscript"}, {type: "over"}, "targets", "product"], "postprocess": act.higherOperator},
    {"name": "derivative", "symbols": [{type: "partial"}, {type: "superscript"}, {type: "over"}, "targets", "summed"], "postprocess": act.higherOperator},
    {"name": "derivative", "symbols": [{type: "derive"}, {type: "lparen"}, "comparison", {type: "comma"}, "variable", {type: "rparen"}], "postprocess": act.derive},
    {"name": "derivative", "symbols": [{type: "derive"}, {type: "lparen"}, "comparison", {type: "comma"}, "variable", {type: "comma"}, "variable", {type: "rparen"}], "postprocess": act.deriveBoth},
    {"name": "derivative", "symbols": [{type: "derive"}, {type: "lparen"}, "comparison", {type: "comma"}, "variable", {type: "comma"}, {type: "number"}, {type: "rparen"}], "postprocess": act.deriveTimes},
    {"name": "derivative", "symbols": [{type: "gradient"}, "product"], "postprocess": act.gradient},
    {"name": "derivative", "symbols": [{type: "gradient"}, {type: "gradient"}, "product"], "postprocess": act.gradients},
    {"name": "targets", "symbols": ["target"], "postprocess": act.list},
    {"name": "targets", "symbols": ["targets", "target"], "postprocess": act.pair},
    {"name": "target", "symbols": [{type: "partial"}, "variable"], "postprocess": act.target},
    {"name": "target", "symbols": [{type: "partial"}, "variable", {type: "superscript"}], "postprocess": act.repeatedTarget},
    {"name": "target", "symbols": [{type: "partial"}, "variable", {type: "transpose"}], "postprocess": act.target},
    {"name": "variable", "symbols": [{type: "name"}], "postprocess": act.variable},
    {"name": "variable", "symbols": [{type: "name"}, {type: "lindex"}, "indices", {type: "rbracket"}], "postprocess": act.variableEntry},
    {"name": "declaration", "symbols": ["names", {type: "declares"}, "type"], "postprocess": act.declaration},
    {"name": "declaration", "symbols": [{type: "name"}, {type: "lparen"}, "names", {type: "rparen"}, {type: "declares"}, "type"], "postprocess": act.dependent},
    {"name": "names", "symbols": [{type: "name"}], "postprocess": act.names},
    {"name": "names", "symbols": ["names", {type: "comma"}, {type: "name"}], "postprocess": act.moreNames},
    {"name": "type", "symbols": ["shape"], "postprocess": act.first},
    {"name": "type", "symbols": ["parameters", {type: "maps"}, "shape"], "postprocess": act.mapping},
    {"name": "type", "symbols": [{type: "lparen"}, "shapes", {type: "rparen"}, {type: "maps"}, "shape"], "postprocess": act.mappings},
    {"name": "parameters", "symbols": ["shape"], "postprocess": act.list},
    {"name": "parameters", "symbols": ["parameters", {type: "comma"}, "shape"], "postprocess": act.append},
    {"name": "parameters", "symbols": ["parameters", {type: "times"}, "shape"], "postprocess": act.append},
    {"name": "shapes", "symbols": ["shape"], "postprocess": act.list},
    {"name": "shapes", "symbols": ["shapes", {type: "comma"}, "shape"], "postprocess": act.append},
    {"name": "shape", "symbols": ["sized"], "postprocess": act.first},
    {"name": "shape", "symbols": ["sized", "words"], "postprocess": act.attributed},
    {"name": "shape", "symbols": ["words"], "postprocess": act.plainShape},
    {"name": "sized", "symbols": ["words", {type: "lparen"}, "arguments", {type: "rparen"}], "postprocess": act.sizedShape},
    {"name": "sized", "symbols": ["words", {type: "power"}, "primary"], "postprocess": act.powerShape},
    {"name": "sized", "symbols": ["words", {type: "superscript"}], "postprocess": act.superscriptShape},
    {"name": "words", "symbols": [{type: "name"}], "postprocess": act.names},
    {"name": "words", "symbols": ["words", {type: "name"}], "postprocess": act.nextName},
    {"name": "comparison", "symbols": ["sum"], "postprocess": act.first},
    {"name": "comparison", "symbols": ["sum", {type: "gt"}, "sum"], "postprocess": act.binary},
    {"name": "comparison", "symbols": ["sum", {type: "ge"}, "sum"], "postprocess": act.binary},
    {"name": "comparison", "symbols": ["sum", {type: "lt"}, "sum"], "postprocess": act.binary},
    {"name": "comparison", "symbols": ["sum", {type: "le"}, "sum"], "postprocess": act.binary},
    {"name": "comparison", "symbols": ["sum", {type: "eq"}, "sum"], "postprocess": act.binary},
    {"name": "comparison", "symbols": ["sum", {type: "ne"}, "sum"], "postprocess": act.binary},
    {"name": "sum", "symbols": ["term"], "postprocess": act.first},
    {"name": "sum", "symbols": ["sum", {type: "plus"}, "term"], "postprocess": act.binary},
    {"name": "sum", "symbols": ["sum", {type: "minus"}, "term"], "postprocess": act.binary},
    {"name": "term", "symbols": ["product"], "postprocess": act.first},
    {"name": "term", "symbols": ["summed"], "postprocess": act.first},
    {"name": "summed", "symbols": ["signed"], "postprocess": act.first},
    {"name": "summed", "symbols": ["product", "indexed"], "postprocess": act.juxtaposed},
    {"name": "summed", "symbols": ["product", {type: "times"}, "signed"], "postprocess": act.binary},
    {"name": "summed", "symbols": ["product", {type: "divide"}, "signed"], "postprocess": act.binary},
    {"name": "summed", "symbols": ["product", {type: "solve"}, "signed"], "postprocess": act.binary},
    {"name": "summed", "symbols": ["product", {type: "hadamard"}, "signed"], "postprocess": act.binary},
    {"name": "summed", "symbols": ["product", {type: "dot"}, "signed"], "postprocess": act.binary},
    {"name": "signed", "symbols": ["indexed"], "postprocess": act.first},
    {"name": "signed", "symbols": [{type: "minus"}, "signed"], "postprocess": act.prefix},
    {"name": "signed", "symbols": [{type: "plus"}, "signed"], "postprocess": act.prefix},
    {"name": "indexed", "symbols": [{type: "sigma"}, "term"], "postprocess": act.indexed},
    {"name": "product", "symbols": ["unary"], "postprocess": act.first},
    {"name": "product", "symbols": ["product", "power"], "postprocess": act.juxtaposed},
    {"name": "product", "symbols": ["product", {type: "times"}, "unary"], "postprocess": act.binary},
    {"name": "product", "symbols": ["product", {type: "divide"}, "unary"], "postprocess": act.binary},
    {"name": "product", "symbols": ["product", {type: "hadamard"}, "unary"], "postprocess": act.binary},
    {"name": "product", "symbols": ["product", {type: "hdivide"}, "unary"], "postprocess": act.binary},
    {"name": "product", "symbols": ["product", {type: "solve"}, "unary"], "postprocess": act.binary},
    {"name": "product", "symbols": ["product", {type: "dot"}, "unary"], "postprocess": act.binary},
    {"name": "product", "symbols": ["product", {type: "colon"}, "unary"], "postprocess": act.binary},
    {"name": "product", "symbols": ["product", {type: "kron"}, "unary"], "postprocess": act.binary},
    {"name": "unary", "symbols": ["power"], "postprocess": act.first},
    {"name": "unary", "symbols": [{type: "minus"}, "unary"], "postprocess": act.prefix},
    {"name": "unary", "symbols": [{type: "plus"}, "unary"], "postprocess": act.prefix},
    {"name": "power", "symbols": ["postfix"], "postprocess": act.first},
    {"name": "power", "symbols": ["postfix", {type: "power"}, "exponent"], "postprocess": act.binary},
    {"name": "power", "symbols": ["postfix", {type: "hpower"}, "exponent"], "postprocess": act.binary},
    {"name": "exponent", "symbols": ["power"], "postprocess": act.first},
    {"name": "exponent", "symbols": [{type: "minus"}, "exponent"], "postprocess": act.prefix},
    {"name": "exponent", "symbols": [{type: "plus"}, "exponent"], "postprocess": act.prefix},
    {"name": "postfix", "symbols": ["primary"], "postprocess": act.first},
    {"name": "postfix", "symbols": ["postfix", {type: "transpose"}], "postprocess": act.transpose},
    {"name": "postfix", "symbols": ["postfix", {type: "prime"}], "postprocess": act.transpose},
    {"name": "postfix", "symbols": ["postfix", {type: "superscript"}], "postprocess": act.superscript},
    {"name": "postfix", "symbols": ["postfix", {type: "inverseTranspose"}], "postprocess": act.inverseTranspose},
    {"name": "postfix", "symbols": ["postfix", {type: "pseudoinverse"}], "postprocess": act.pseudoinverse},
    {"name": "postfix", "symbols": ["postfix", {type: "lindex"}, "indices", {type: "rbracket"}], "postprocess": act.entry},
    {"name": "primary", "symbols": [{type: "number"}], "postprocess": act.number},
    {"name": "primary", "symbols": [{type: "name"}], "postprocess": act.name},
    {"name": "primary", "symbols": [{type: "arrow"}], "postprocess": act.arrow},
    {"name": "primary", "symbols": [{type: "function"}, {type: "lparen"}, "arguments", {type: "rparen"}], "postprocess": act.call},
    {"name": "primary", "symbols": [{type: "lparen"}, "comparison", {type: "rparen"}], "postprocess": act.group},
    {"name": "primary", "symbols": [{type: "lbracket"}, "rows", {type: "rbracket"}], "postprocess": act.stack},
    {"name": "primary", "symbols": [{type: "lbrace"}, "branches", {type: "rbrace"}], "postprocess": act.cases},
    {"name": "arguments", "symbols": ["comparison"], "postprocess": act.list},
    {"name": "arguments", "symbols": ["arguments", {type: "comma"}, "comparison"], "postprocess": act.append},
    {"name": "indices", "symbols": ["index"], "postprocess": act.list},
    {"name": "indices", "symbols": ["indices", {type: "comma"}, "index"], "postprocess": act.append},
    {"name": "index", "symbols": ["comparison"], "postprocess": act.first},
    {"name": "index", "symbols": ["sum", {type: "range"}, "sum"], "postprocess": act.range},
    {"name": "index", "symbols": [{type: "all"}], "postprocess": act.all},
    {"name": "rows", "symbols": ["arguments"], "postprocess": act.list},
    {"name": "rows", "symbols": ["rows", {type: "semicolon"}, "arguments"], "postprocess": act.append},
    {"name": "branches", "symbols": ["branch"], "postprocess": act.list},
    {"name": "branches", "symbols": ["branches", {type: "semicolon"}, "branch"], "postprocess": act.append},
    {"name": "branches", "symbols": ["branches", {type: "comma"}, "branch"], "postprocess": act.append},
    {"name": "branch", "symbols": ["comparison", {type: "if"}, "comparison"], "postprocess": act.branch},
    {"name": "branch", "symbols": ["comparison", {type: "otherwise"}], "postprocess": act.otherwise}
  ],
  ParserStart: "document",
};

export default grammar;
