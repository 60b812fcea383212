# The grammar of nabla. Layout only: what a production builds is in src/syntax/grammar/actions.ts,
# what a token is in src/syntax/tokens and src/syntax/classify, how it is spelled in glyphs.ts.
#
# Precedence, tight to loose; one nonterminal a level, so every input has one parse:
#
#   primary     number, name, f(x), ( ), [ ], { }
#   postfix     x'  xᵀ  x²  A⁻¹  A⁺  x[i]               left
#   power       x^k  x.^k                               right; the exponent may carry a sign
#   unary       -x  +x                                  so -x^2 = -(x^2) and 2^-x = 2^(-x)
#   product     *  /  .*  ./  ·  :  ⊗  juxtaposition    left; juxtaposition is a product like
#                                                       any other: 1/2x = (1/2)*x
#   summed      sum_i                                   its body is the product that follows
#   sum         +  -                                    left
#   comparison  <  <=  ==  !=  >=  >                    one only
#   statement   =  :
#
# Lists and left-associative operators recurse on the left; nothing is nullable.

@preprocessor typescript
@lexer lexer
@{%
import * as act from "../actions.ts";
import { lexer } from "../../tokens/lexer.ts";
%}

document -> statement                                        {% act.list %}
          | document %separator statement                    {% act.append %}

statement -> declaration                                     {% act.first %}
           | side                                            {% act.value %}
           | side %equals side                               {% act.equation %}

side -> comparison                                           {% act.first %}
      | derivative                                           {% act.first %}

# --- derivatives, only as a side of a claim
derivative -> %partial product %over targets                 {% act.derivative %}
            | %partial %over targets product                 {% act.operator %}
           | %partial %over targets summed                  {% act.operator %}
            | %partial %superscript product %over targets    {% act.higherDerivative %}
            | %partial %superscript %over targets product    {% act.higherOperator %}
           | %partial %superscript %over targets summed     {% act.higherOperator %}
            | %derive %lparen comparison %comma variable %rparen {% act.derive %}
            | %derive %lparen comparison %comma variable %comma variable %rparen {% act.deriveBoth %}
            | %derive %lparen comparison %comma variable %comma %number %rparen {% act.deriveTimes %}
            | %gradient product                              {% act.gradient %}
            | %gradient %gradient product                    {% act.gradients %}
targets -> target                                            {% act.list %}
         | targets target                                    {% act.pair %}
target -> %partial variable                                  {% act.target %}
        | %partial variable %superscript                     {% act.repeatedTarget %}
        | %partial variable %transpose                       {% act.target %}
variable -> %name                                            {% act.variable %}
          | %name %lindex indices %rbracket                  {% act.variableEntry %}

# --- declarations
declaration -> names %declares type                          {% act.declaration %}
             | %name %lparen names %rparen %declares type    {% act.dependent %}
names -> %name                                               {% act.names %}
       | names %comma %name                                  {% act.moreNames %}
type -> shape                                                {% act.first %}
      | parameters %maps shape                               {% act.mapping %}
      | %lparen shapes %rparen %maps shape                   {% act.mappings %}
parameters -> shape                                          {% act.list %}
            | parameters %comma shape                        {% act.append %}
            | parameters %times shape                        {% act.append %}
shapes -> shape                                              {% act.list %}
        | shapes %comma shape                                {% act.append %}
shape -> sized                                               {% act.first %}
       | sized words                                         {% act.attributed %}
       | words                                               {% act.plainShape %}
sized -> words %lparen arguments %rparen                     {% act.sizedShape %}
       | words %power primary                                {% act.powerShape %}
       | words %superscript                                  {% act.superscriptShape %}
words -> %name                                               {% act.names %}
       | words %name                                         {% act.nextName %}

# --- expressions
comparison -> sum                                            {% act.first %}
            | sum %gt sum                                    {% act.binary %}
            | sum %ge sum                                    {% act.binary %}
            | sum %lt sum                                    {% act.binary %}
            | sum %le sum                                    {% act.binary %}
            | sum %eq sum                                    {% act.binary %}
            | sum %ne sum                                    {% act.binary %}

sum -> term                                                  {% act.first %}
     | sum %plus term                                        {% act.binary %}
     | sum %minus term                                       {% act.binary %}

term -> product                                              {% act.first %}
      | summed                                               {% act.first %}

summed -> signed                                             {% act.first %}
        | product indexed                                    {% act.juxtaposed %}
        | product %times signed                              {% act.binary %}
        | product %divide signed                             {% act.binary %}
        | product %solve signed                              {% act.binary %}
        | product %hadamard signed                           {% act.binary %}
        | product %dot signed                                {% act.binary %}
signed -> indexed                                            {% act.first %}
        | %minus signed                                      {% act.prefix %}
        | %plus signed                                       {% act.prefix %}
indexed -> %sigma term                                       {% act.indexed %}

product -> unary                                             {% act.first %}
         | product power                                     {% act.juxtaposed %}
         | product %times unary                              {% act.binary %}
         | product %divide unary                             {% act.binary %}
         | product %hadamard unary                           {% act.binary %}
         | product %hdivide unary                            {% act.binary %}
         | product %solve unary                              {% act.binary %}
         | product %dot unary                                {% act.binary %}
         | product %colon unary                              {% act.binary %}
         | product %kron unary                               {% act.binary %}

unary -> power                                               {% act.first %}
       | %minus unary                                        {% act.prefix %}
       | %plus unary                                         {% act.prefix %}

power -> postfix                                             {% act.first %}
       | postfix %power exponent                             {% act.binary %}
       | postfix %hpower exponent                            {% act.binary %}
exponent -> power                                            {% act.first %}
          | %minus exponent                                  {% act.prefix %}
          | %plus exponent                                   {% act.prefix %}

postfix -> primary                                           {% act.first %}
         | postfix %transpose                                {% act.transpose %}
         | postfix %prime                                    {% act.transpose %}
         | postfix %superscript                              {% act.superscript %}
         | postfix %inverseTranspose                         {% act.inverseTranspose %}
         | postfix %pseudoinverse                            {% act.pseudoinverse %}
         | postfix %lindex indices %rbracket                 {% act.entry %}

primary -> %number                                           {% act.number %}
         | %name                                             {% act.name %}
         | %arrow                                            {% act.arrow %}
         | %function %lparen arguments %rparen               {% act.call %}
         | %lparen comparison %rparen                        {% act.group %}
         | %lbracket rows %rbracket                          {% act.stack %}
         | %lbrace branches %rbrace                          {% act.cases %}

arguments -> comparison                                      {% act.list %}
           | arguments %comma comparison                     {% act.append %}
indices -> index                                             {% act.list %}
         | indices %comma index                              {% act.append %}
index -> comparison                                          {% act.first %}
       | sum %range sum                                      {% act.range %}
       | %all                                                {% act.all %}
rows -> arguments                                            {% act.list %}
      | rows %semicolon arguments                            {% act.append %}
branches -> branch                                           {% act.list %}
          | branches %semicolon branch                       {% act.append %}
          | branches %comma branch                           {% act.append %}
branch -> comparison %if comparison                          {% act.branch %}
        | comparison %otherwise                              {% act.otherwise %}
