r"""The mistakes that people type, and all that each is answered with.

A line is a command; below it stands the whole of standard error; `[2]` is the exit status.
Standard output is empty.
"""

import re
from pathlib import Path

import pytest
from running import Run
from work import lines_run

from mgcli import ExpressionError, parse

MISTAKES = r"""
# Syntax: what one writes on paper, or in another language

$ mg eval '2x' -x 3
error: expected an operator, not x
  2x
  ^^
hint: to multiply, write 2*x
[2]

$ mg eval '3(x + 1)' -x 3
error: expected an operator, not (
  3(x + 1)
  ^^
hint: to multiply, write 3*(x + 1)
[2]

$ mg eval 'a b' -a 1 -b 2
error: expected an operator, not b
  a b
  ^^^
hint: to multiply, write a*b
[2]

$ mg eval '3 4'
error: expected an operator, not 4
  3 4
    ^
hint: to multiply, write 3*4
[2]

$ mg eval 'sin x' -x 3
error: expected an operator, not x
  sin x
  ^^^^^
hint: write sin(x)
[2]

$ mg eval 'sin^2(x)' -x 3
error: expected an operator, not (
  sin^2(x)
      ^^
hint: write sin(...)**2
[2]

$ mg eval '7 // 2'
error: there is no floor division
  7 // 2
    ^^
hint: write floor(x/y)
[2]

$ mg eval 'x == 2' -x 3
error: comparisons are allowed only in a condition
  x == 2
    ^^
hint: one = makes an equation, or a name as in 'L = a*b'; to compare, write where(x == 1, p, q)
[2]

$ mg eval 'x > 2' -x 3
error: comparisons are allowed only in a condition
  x > 2
    ^
hint: write where(condition, p, q), as in where(x > 0, x, 0)
[2]

$ mg eval 'a = 1; a += 2'
error: there is no +=
  a = 1; a += 2
           ^^
hint: give the result a new name, as in 'b = a + 1'
[2]

$ mg eval '|x|' -x -3
error: unexpected character |
  |x|
  ^
hint: for an absolute value, write abs(...)
[2]

$ mg eval '[1 + 2]*3'
error: unexpected character [
  [1 + 2]*3
  ^
hint: write ( and )
[2]

$ mg eval '√2'
error: a ( follows √
  √2
  ^
hint: write sqrt(2)
[2]

$ mg eval 'sin(90°)'
error: unexpected character °
  sin(90°)
        ^
hint: angles are in radians: write deg2rad(90)
[2]

$ mg eval '\frac{1}{2}'
error: unexpected character \
  \frac{1}{2}
  ^^^^^^^^^^^
hint: write (1)/(2)
[2]

$ mg eval '1,5 + 2'
error: unexpected ,
  1,5 + 2
   ^
hint: write a decimal point: 1.5
[2]

$ mg eval '1.2.3'
error: unexpected .
  1.2.3
     ^
hint: a number has only one decimal point
[2]

$ mg eval 'math.sin(x)' -x 3
error: unexpected .
  math.sin(x)
      ^
hint: write sin(...), without math.
[2]

$ mg eval '2*(a + b' -a 1 -b 2
error: this ( is never closed
  2*(a + b
    ^
hint: add a )
[2]

$ mg eval 'a + b)' -a 1 -b 2
error: this ) closes nothing
  a + b)
       ^
hint: delete it, or open a ( before it
[2]

$ mg eval 'a*' -a 1
error: the expression ends too early: expected a number, a name or (
  a*
    ^
[2]

$ mg eval '*3'
error: expected a number, a name or (, not *
  *3
  ^
[2]

$ mg eval ''
error: the expression is empty
hint: write one, such as a*b + c
[2]

$ mg eval '# to be written'
error: the expression is empty
hint: write one, such as a*b + c
[2]

$ mg eval 'a*b = 3' -a 1 -b 2
error: an equation has no value
  a*b = 3
  ^^^^^^^
hint: to differentiate it: mg diff 'a*b = 3' --wrt a --of b
[2]

$ mg eval 'f(x) = x**2' -x 3
error: the last statement defines a function, so there is no result
  f(x) = x**2
  ^^^^
hint: add an expression, as in '...; f(x)'
[2]

$ mg eval '1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 2x + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1' -x 3
error: expected an operator, not x
  ...+ 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 2x + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1
                                           ^^
hint: to multiply, write 2*x
[2]

$ mg eval 'sin 2x' -x 3
error: expected an operator, not 2
  sin 2x
  ^^^^^
hint: write sin(2*x)
[2]

$ mg eval 'sin x^2' -x 3
error: expected an operator, not x
  sin x^2
  ^^^^^
hint: write sin(x^2)
[2]

$ mg eval 'sin cos(x)' -x 3
error: expected an operator, not cos
  sin cos(x)
  ^^^^^^^
hint: write sin(cos(...))
[2]

$ mg eval 'sin^2 x' -x 3
error: expected an operator, not x
  sin^2 x
      ^^^
hint: write sin(...)**2
[2]

$ mg eval 'sin^-1(x)' -x 0.5
error: expected an operator, not (
  sin^-1(x)
       ^^
hint: the inverse of sin is asin(...); for a power, write sin(...)**-1
[2]

$ mg eval 'sin⁻¹(x)' -x 0.5
error: expected an operator, not (
  sin⁻¹(x)
     ^^^
hint: the inverse of sin is asin(...); for a power, write sin(...)**-1
[2]

$ mg eval 'sin²(x)' -x 3
error: expected an operator, not (
  sin²(x)
     ^^
hint: write sin(...)**2
[2]

$ mg eval '1.000,5*x' -x 1
error: unexpected ,
  1.000,5*x
       ^
hint: write 1000.5
[2]

$ mg eval '1,000*x' -x 1
error: unexpected ,
  1,000*x
   ^
hint: write a decimal point: 1.000; for thousands, 1000
[2]

$ mg eval '1,000,000.5*x' -x 1
error: unexpected ,
  1,000,000.5*x
   ^
hint: write 1000000.5
[2]

$ mg eval '1.234.567,5'
error: unexpected .
  1.234.567,5
       ^
hint: write 1234567.5
[2]

$ mg diff 'x^2 + y^2 = 1'
error: it is not clear which variable is a function of the others
hint: say which: --wrt x --of y
[2]

# Names

$ mg eval 'x + y' -x 3
error: y has no value
  x + y
      ^
hint: give it a value: -y VALUE
[2]

$ mg eval 'a*alpha + b' -b 3
error: a and alpha have no value
  a*alpha + b
  ^
hint: give them values: -a VALUE --alpha VALUE
[2]

$ mg eval 'e**2'
error: e has no value
  e**2
  ^
hint: for Euler's number, write exp(1); otherwise give it a value: -e VALUE
[2]

$ mg eval 'sin + 1'
error: sin has no value
  sin + 1
  ^^^
hint: to call the function, write sin(...); otherwise give it a value: --sin VALUE
[2]

$ mg eval 'alpha + alhpa' --alpha 1
error: alhpa has no value
  alpha + alhpa
          ^^^^^
hint: did you mean alpha? Otherwise give it a value: --alhpa VALUE
[2]

$ mg eval 'sine(x)' -x 3
error: unknown function sine
  sine(x)
  ^^^^
hint: did you mean sin?
[2]

$ mg eval 'Exp(x)' -x 3
error: unknown function Exp
  Exp(x)
  ^^^
hint: did you mean exp?
[2]

$ mg eval 'x(x + 1)' -x 3
error: unknown function x
  x(x + 1)
  ^
hint: x is not a function; to multiply, write x*(...)
[2]

$ mg eval 'a = 1; a = 2'
error: a is already defined
  a = 1; a = 2
         ^
  a = 1; a = 2
  ^ first defined here
hint: define each name once, before its use; choose another name
[2]

$ mg eval 'y = a*b; b = 2' -a 1
error: b is used before it is defined
  y = a*b; b = 2
           ^
  y = a*b; b = 2
        ^ first used here
hint: define each name once, before its use; choose another name
[2]

$ mg eval 'a*b; c = 2' -a 1 -b 2
error: the value of this statement would be lost
  a*b; c = 2
  ^^^
hint: give it a name, as in 'p = ...'; only the last statement needs none
[2]

$ mg eval 'xsin(x)' -x 3
error: unknown function xsin
  xsin(x)
  ^^^^
hint: to multiply, write x*sin(...)
[2]

$ mg eval 'xysin(x)' -x 3 -y 2
error: unknown function xysin
  xysin(x)
  ^^^^^
hint: to multiply, write x*y*sin(...)
[2]

$ mg eval 'swish(x)' -x 1
error: unknown function swish
  swish(x)
  ^^^^^
hint: write x*sigmoid(x)
[2]

$ mg eval 'sinx' -x 1
error: the expression has no variable x
hint: to call the function, write sin(x)
[2]

$ mg eval 'xy' -x 3 -y 2
error: the expression has no variable x
hint: to multiply, write x*y
[2]

$ mg eval 'xy + x' -x 3 -y 2
error: the expression has no variable y
hint: to multiply, write x*y
[2]

$ mg eval 'πr^2' -r 3
error: the expression has no variable r
hint: to multiply, write pi*r
[2]

$ mg check 'exp(x)' --claim 'e^x'
error: the expression has no e
  e^x
  ^
hint: for Euler's number, write exp(1)
[2]

$ mg check 'e^x' --claim 'e^x'
note: e is a variable; for Euler's number, write exp(1)
error: the expression has 2 variables
hint: say which: --claim 'e: e^x', --claim 'x: e^x'
[2]

# Derivatives, as they are written on paper

$ mg diff "f'(x)"
error: unexpected character '
  f'(x)
   ^
hint: write the formula alone: 'mg diff FORMULA' prints its derivative
[2]

$ mg diff "y' = x"
error: unexpected character '
  y' = x
   ^
hint: write the formula alone: 'mg diff FORMULA' prints its derivative
[2]

$ mg diff 'd/dx x^2'
error: expected an operator, not x
  d/dx x^2
    ^^^^
hint: write the formula alone: 'mg diff FORMULA' prints its derivative
[2]

$ mg diff 'd^2/dx^2(x^2)'
error: expected an operator, not (
  d^2/dx^2(x^2)
         ^^
hint: write the formula alone: 'mg diff FORMULA' prints its derivative
[2]

$ mg diff 'dy/dx = x'
error: unexpected =
  dy/dx = x
        ^
hint: write the formula alone: 'mg diff FORMULA' prints its derivative
[2]

$ mg diff 'diff(x^2, x)'
error: unknown function diff
  diff(x^2, x)
  ^^^^
hint: write the formula alone: 'mg diff FORMULA' prints its derivative
[2]

$ mg check 'x^2' --claim "f'(x) = 2*x"
error: a claim is a formula alone, not f'(x) = 2*x
hint: write --claim '2*x'
[2]

$ mg check 'x^2*y' --claim 'dz/dx = 2*x*y'
error: a claim is a formula alone, not dz/dx = 2*x*y
hint: write --claim 'x: 2*x*y'
[2]

$ mg check 'x^2*y' --claim 'x=2*x*y'
error: a claim is a formula alone, not x=2*x*y
hint: write --claim 'x: 2*x*y'
[2]

$ mg check 'x^2' --claim 'x = 2*x'
error: a claim is a formula alone, not x = 2*x
hint: write --claim '2*x'
[2]

$ mg check 'x^2' --claim 'x: x = 2*x'
error: a claim is a formula alone, not x = 2*x
hint: write --claim 'x: 2*x'
[2]

$ mg check 'x^2*y' --claim ''
error: a claim has no formula
hint: write one, as in --claim '2*x', or --claim 'x: 2*x'
[2]

$ mg check 'x^2' --claim 'x: '
error: a claim has no formula
hint: write one, as in --claim '2*x', or --claim 'x: 2*x'
[2]

$ mg diff '∂/∂x x^2'
error: unexpected character ∂
  ∂/∂x x^2
  ^
hint: write the formula alone: 'mg diff FORMULA' prints its derivative
[2]

$ mg diff 'integrate(x^2, x)'
error: unknown function integrate
  integrate(x^2, x)
  ^^^^^^^^^
hint: mg differentiates; it does not integrate
[2]

# Arity

$ mg eval 'hypot(3)'
error: hypot takes 2 or more operands, not 1
  hypot(3)
  ^^^^^^^^
hint: write hypot(x, y)
[2]

$ mg eval 'exp()'
error: exp takes 1 operand, not 0
  exp()
  ^^^^^
hint: write exp(x)
[2]

# Domains and overflow

$ mg eval '3 + log(a*b)' -a 2 -b -3
error: log is not defined at -6.0
  3 + log(a*b)
      ^^^^^^^^
[1]

$ mg eval '1/(a - a)' -a 3
error: division is not defined at 1.0/0.0
  1/(a - a)
  ^^^^^^^^^
[1]

$ mg eval '(-8)**(1/3)'
error: power is not defined at (-8.0)**0.3333333333333333
  (-8)**(1/3)
  ^^^^^^^^^^^
hint: for the real cube root, write cbrt(...)
[1]

$ mg grad '1 + x^(1/3)' -x -8
error: power is not defined at (-8.0)**0.3333333333333333
  1 + x^(1/3)
      ^^^^^^^
hint: for the real cube root, write cbrt(...)
[1]

$ mg eval 'x^(1/2)' -x -8
error: power is not defined at (-8.0)**0.5
  x^(1/2)
  ^^^^^^^
[1]

$ mg eval 'sqrt(x) + log(x)' -x -1
error: sqrt is not defined at -1.0
  sqrt(x) + log(x)
  ^^^^^^^
[1]

$ mg eval '9**9**9'
error: power overflows at 9.0**387420489.0
  9**9**9
  ^^^^^^^
[1]

$ mg eval 'exp(x)' -x 1000
error: exp overflows at 1000.0
  exp(x)
  ^^^^^^
[1]

$ mg grad '2*sqrt(x)' -x 0
error: the derivative of sqrt is not defined at 0.0
  2*sqrt(x)
    ^^^^^^^
[1]

$ mg grad 'x**y' -x -1 -y 2
error: the derivative of power with respect to its second operand is not defined at (-1.0)**2.0
  x**y
  ^^^^
[1]

$ mg grad 'log(x)' -x 0
error: log is not defined at 0.0
  log(x)
  ^^^^^^
[1]

$ mg eval '2*1e999'
error: 1e999 is too large for a float
  2*1e999
    ^^^^^
hint: the largest is about 1.8e308
[2]

# Values

$ mg eval x -x 1/0
error: the value of x: division is not defined at 1.0/0.0
  1/0
  ^^^
[2]

$ mg eval x -x 'log(-1)'
error: the value of x: log is not defined at -1.0
  log(-1)
  ^^^^^^^
[2]

$ mg eval x -x 1e999
error: the value of x: 1e999 is too large for a float
  1e999
  ^^^^^
hint: the largest is about 1.8e308
[2]

$ mg eval x -x nan
error: the value of x: nan has no value
  nan
  ^^^
hint: numbers are finite: there is no nan
[2]

$ mg eval x -x 1,5
error: the value of x: 1,5 is not one number
hint: write 1.5, or 1:5 for a range
[2]

$ mg eval x -x -5..5
error: the value of x: -5..5 is not one number
hint: a range is written -5:5
[2]

$ mg eval 'sin 30°'
error: expected an operator, not 30
  sin 30°
  ^^^^^^^
hint: angles are in radians: write sin(deg2rad(30))
[2]

$ mg eval 'x^^2' -x 2
error: expected a number, a name or (, not ^
  x^^2
    ^
hint: for a power, write **
[2]

$ mg eval 'import math'
error: there is no import
  import math
  ^^^^^^^^^^^
hint: leave it out: functions need no import, as in sin(x)
[2]

$ mg eval 'a = 1, b = 2; a*b'
error: unexpected ,
  a = 1, b = 2; a*b
       ^
hint: separate statements with ;
[2]

$ mg eval x -x 2pi
error: the value of x: expected an operator, not pi
  2pi
  ^^^
hint: to multiply, write 2*pi
[2]

$ mg eval x -x ''
error: the value of x is empty
hint: a value is a number or a constant expression, as in pi/4
[2]

$ mg eval x -x a=2
error: the value of x: it gives a name
  a=2
  ^
hint: a value is a number or a constant expression
[2]

# Bindings

$ mg eval x -x
error: no value follows -x
hint: write -x VALUE; for the expression -x, write -- -x
[2]

$ mg eval x -x --json
error: no value follows -x
hint: write -x VALUE; for the expression -x, write -- -x
[2]

$ mg eval x -x -- 3
error: no value follows -x
hint: write -x VALUE; for the expression -x, write -- -x
[2]

$ mg eval 'x*y' -x -y 3
error: two expressions: x*y and 3
hint: -y was taken as the value of x
[2]

$ mg eval x -x 1 --x=2
error: x is given twice: 1 and 2
hint: give it one value
[2]

$ mg eval 'x + y' -x 1 -y 2 -z 3
error: the expression has no variable z
hint: it has x, y
[2]

$ mg eval '3 + 4' -x 1
error: the expression has no variable x
hint: it has none
[2]

$ mg eval 'alpha + 1' --alhpa 1
error: the expression has no variable alhpa
hint: did you mean alpha?
[2]

$ mg eval 'e = a*b; L = e + 1' -a 1 -b 2 -e 3
error: e is defined by the expression, so it takes no value
  e = a*b; L = e + 1
  ^
hint: delete 'e = ...' from the expression, or choose another name
[2]

$ mg eval x --let x
error: --let takes NAME=VALUE, not x
hint: write --let x=VALUE
[2]

$ mg eval a + b -a 1 -b 2
error: two expressions: a and +
hint: put the expression in quotes, and each value after its name
[2]

$ mg eval 'x^2' -x2
error: no value follows -x2
hint: write -x 2
[2]

$ mg eval 'x^2' -x2.5
error: two expressions: x^2 and -x2.5
hint: write -x 2.5
[2]

$ mg eval 'x^2' x=2
error: two expressions: x^2 and x=2
hint: write -x 2
[2]

$ mg eval x=2 'x^2'
error: two expressions: x=2 and x^2
hint: write -x 2
[2]

$ mg eval 'alpha^2' alpha=2
error: two expressions: alpha^2 and alpha=2
hint: write --alpha 2
[2]

$ mg eval 'x^2 + x2' -x 1 -x2
error: no value follows -x2
hint: write -x2 VALUE; for the expression -x2, write -- -x2
[2]

$ mg eval 'x^2' --let x 3
error: --let takes NAME=VALUE, not x
hint: write --let x=3
[2]

$ mg eval 'x^2' --let=x
error: --let takes NAME=VALUE, not x
hint: write --let x=VALUE
[2]

# Options

$ mg eval x -h
error: no value follows -h
hint: for help, write --help
[2]

$ mg eval x -x 1 --josn
error: no value follows --josn
hint: did you mean --json?
[2]

$ mg eval x --josn -x 1
error: two expressions: x and 1
hint: did you mean --json?
[2]

$ mg grad 'a*b' -a 1 -b 2 --digit 3
error: the expression has no variable digit
hint: did you mean --digits?
[2]

$ mg draw 'a*b' --json
error: no value follows --json
hint: see 'mg draw --help' for the options; for the variable json, write --json VALUE
[2]

$ mg draw 'a*b' --width 300
error: the expression has no variable width
hint: it has a, b; see 'mg draw --help' for the options
[2]

$ mg diff 'x^2' -wrt x
error: the expression has no variable wrt
hint: did you mean --wrt?
[2]

$ mg plot 'x^2' -x 0:1 -out a.png
error: the expression has no variable out
hint: did you mean --out?
[2]

$ mg plot 'x^2' -derivative -x 0:1
error: two expressions: x^2 and 0:1
hint: did you mean --derivative?
[2]

$ mg diff 'x^2' -json -x 3
error: two expressions: x^2 and 3
hint: did you mean --json?
[2]

$ mg diff 'x^2' -latex
error: no value follows -latex
hint: did you mean --latex?
[2]

$ mg slope 'x^2' -x 3 -h 0.01
error: the expression has no variable h
hint: it has x; for the step write --step 0.01
[2]

$ mg diff 'x^2' -n 2
error: the expression has no variable n
hint: it has x; for the order write --order 2
[2]

$ mg eval 'x^2' -x 3 -h 0.01
error: the expression has no variable h
hint: did you mean --help?
[2]

$ mg grad x --wrt
error: no value follows --wrt
hint: write --wrt NAME, as in --wrt a
[2]

$ mg grad x --wrt --json
error: no value follows --wrt
hint: write --wrt NAME, as in --wrt a
[2]

$ mg check x --claim
error: no value follows --claim
hint: write --claim FORMULA, as in --claim "2*x*sin(x) + x**2*cos(x)"
[2]

$ mg draw x --out
error: no value follows --out
hint: write --out FILE, as in --out g.svg
[2]

$ mg draw x --format
error: no value follows --format
hint: write --format CHOICE, as in --format svg
[2]

$ mg eval x --file
error: no value follows --file
hint: write --file FILE
[2]

$ mg diff x --order 1.5
error: --order takes a whole number from 1 to 100
hint: see 'mg diff --help' for its usage
[2]

$ mg diff x --order 0
error: --order takes a whole number from 1 to 100
hint: see 'mg diff --help' for its usage
[2]

$ mg eval x -x 1 --digits 20
error: --digits takes a whole number from 1 to 17
hint: --exact N computes more digits than a float has
[2]

# Files

$ mg eval --file nowhere.mg
error: cannot read nowhere.mg: No such file or directory
[2]

$ mg eval --file .
error: cannot read .: Is a directory
[2]

$ mg eval --file latin-1.mg
error: latin-1.mg is not UTF-8: byte 9 is 0xe9
[2]

$ mg draw 'a*b' --out nowhere/g.svg
error: cannot write nowhere/g.svg: No such file or directory
hint: there is no folder nowhere; make it first
[1]

$ mg draw 'a*b' --out g.svg --format png
error: --format png does not match the suffix of g.svg
hint: leave out one of them
[2]

$ mg eval -x -x 3
error: the expression has no variable x
hint: -x was taken as the value of x; if -x is the expression, write -- -x at the end
[2]

$ mg eval '10 000*x' -x 1
error: expected an operator, not 000
  10 000*x
     ^^^
hint: write 10000
[2]

$ mg eval '1__0' -x 1
error: expected an operator, not __0
  1__0
   ^^^
hint: an underscore goes between two digits, as in 1_000
[2]

$ mg eval '0x10'
error: expected an operator, not x10
  0x10
   ^^^
hint: write numbers in decimal
[2]

$ mg eval 'max(1)'
error: max takes 2 or more operands, not 1
  max(1)
  ^^^^^^
hint: write max(x, y)
[2]

$ mg eval 'atg(x)' -x 1
error: unknown function atg
  atg(x)
  ^^^
hint: write atan(x)
[2]

$ mg draw 'a = 2; a*b' -b 1 --wrt x
error: the expression has no variable wrt
hint: it has a, b; see 'mg draw --help' for the options
[2]

$ mg draw 'a*b' --out g.gif
error: the suffix of g.gif is not a picture format
hint: use one of .svg, .png, .jpg, .pdf, .dot, .html
[2]

$ mg draw 'a*b' --out graph
error: graph has no suffix
hint: use one of .svg, .png, .jpg, .pdf, .dot, .html
[2]

$ mg draw 'a*b' --out -
error: --out - needs a format
hint: add --format svg
[2]

$ mg draw 'a*b' -a 2
error: b has no value
  a*b
    ^
hint: give it a value: -b VALUE
[2]

# Sweeps

$ mg eval x -x 5V
error: the value of x: 5V is not one number
hint: values have no units: write 5
[2]

$ mg eval x -x 2.2k
error: the value of x: 2.2k is not one number
hint: values have no units: write 2.2e3
[2]

$ mg eval x -x 100nF
error: the value of x: 100nF is not one number
hint: values have no units: write 100e-9
[2]

$ mg eval x -x 1e3kg
error: the value of x: 1e3kg is not one number
hint: values have no units: write 1e3
[2]

$ mg eval x -x 1e3kN
error: the value of x: 1e3kN is not one number
hint: values have no units: write 1e3*1e3
[2]

$ mg eval x -x "12V+-0.1 V"
error: the value of x: 12V+-0.1 V is not one number
hint: values have no units: write 12+-0.1
[2]

$ mg eval x -x "12+-0.1 kV"
error: the value of x: 12+-0.1 kV is not one number
hint: values have no units: write (12+-0.1)e3
[2]

$ mg eval x -x "12.0(1)mA"
error: the value of x: 12.0(1)mA is not one number
hint: values have no units: write 12.0(1)e-3
[2]

$ mg eval x -x '9.81 m/s^2'
error: the value of x: 9.81 m/s^2 is not one number
hint: values have no units: write 9.81
[2]

$ mg eval x -x 2pi
error: the value of x: expected an operator, not pi
  2pi
  ^^^
hint: to multiply, write 2*pi
[2]

$ mg eval x -x 0:1:0
error: the value of x: a step of 0 never ends
hint: write another one, or leave it out for a step of 1
[2]

$ mg eval x -x 1:0
error: the value of x: no points from 1.0 to 0.0 in steps of 1.0
hint: a negative step goes down
[2]

$ mg eval x -x 0:1:-0.1
error: the value of x: no points from 0.0 to 1.0 in steps of -0.1
hint: a positive step goes up
[2]

$ mg eval x -x 2:2
error: the value of x: no points from 2.0 to 2.0 in steps of 1.0
hint: the stop is excluded
[2]

$ mg eval x -x 0:1e9
error: the value of x: more than 10,000,000 points
hint: take a larger step
[2]

$ mg eval x -x 0:
error: the value of x: 0: is neither a range nor a list
hint: write start:stop, start:stop:step or start:stop:/points, and a list as 1,2,4
[2]

$ mg eval x -x 0:1:2:3
error: the value of x: 0:1:2:3 is neither a range nor a list
hint: write start:stop, start:stop:step or start:stop:/points, and a list as 1,2,4
[2]

$ mg eval x -x 0:a
error: the value of x: a has no value
  a
  ^
hint: a value is a number or a constant expression, as in pi/4
[2]

$ mg grad 'x*y' -x 0:3
error: y has no value
  x*y
    ^
hint: give it a value: -y VALUE
[2]

$ mg draw 'x*y' -x 0:3 -y 1
error: x is swept (0:3), and this command takes one value
hint: write -x VALUE
[2]

$ mg eval '0:3'
error: unexpected character :
  0:3
   ^
hint: a range is the value of a variable: -x 0:1:0.1
[2]

$ mg eval x -x '[1, 2, 3]'
error: the value of x: [1, 2, 3] is a list
hint: a list is written 1,2,3
[2]

$ mg eval x -x '[1, 2]'
error: the value of x: [1, 2] is a list
hint: a list has three numbers or more; a range is start:stop:step
[2]

$ mg eval x -x 1,,2
error: the value of x: 1,,2 is neither a range nor a list
hint: write start:stop, start:stop:step or start:stop:/points, and a list as 1,2,4
[2]

$ mg slope x -x 1,2,3
error: the value of x: 1,2,3 is a list
hint: this command takes one value
[2]

$ mg eval x -x 0:3:/1
error: the value of x: /1 is not a number of points
hint: write a whole number from 2, as in 0:3:/7
[2]

$ mg eval x -x 'log(1:100)'
error: the value of x: log(1:100) has no number of points
hint: write it after a /, as in log(1:1000:/4)
[2]

$ mg eval x -x 'log(0:3:/3)'
error: the value of x: no factor leads from 0.0 to 3.0
hint: write two ends of one sign, as in log(1e-3:1e3:/7)
[2]

$ mg eval x -x 1,000,000
error: the value of x: unexpected ,
  1,000,000
   ^
hint: write 1000000
[2]

# --wrt

$ mg grad 'a*b' -a 1 -b 2 --wrt c
error: the expression has no variable c
hint: it has a, b
[2]

$ mg grad 'alpha*b' --alpha 1 -b 2 --wrt alhpa
error: the expression has no variable alhpa
hint: did you mean alpha?
[2]

$ mg grad '3' --wrt x
error: the expression has no variable x
hint: it has no variables
[2]

# Memory

$ mg grad
error: no expression, and no earlier one to use again
hint: write one, as in mg grad "a*b + c" -a 2 -b -3 -c 10
[2]

$ mg eval -x 2
error: no expression, and no earlier one to use again
hint: write one, as in mg eval "a*b + c" -a 2 -b -3 -c 10
[2]

# The command

$ mg evl 'a*b'
error: no command evl
hint: did you mean eval?
[2]

$ mg 'a b'
error: no command a b
hint: see 'mg --help' for the list
[2]

$ mg 2x -x 3
error: expected an operator, not x
  2x
  ^^
hint: to multiply, write 2*x
[2]

$ mg 'a*b' -a 2 --jsn
error: no value follows --jsn
hint: did you mean --json?
[2]

$ mg nothing.mg
error: cannot read nothing.mg: No such file or directory
[2]

$ mg --json eval x -x 1
error: no option --json
hint: options come after the command: mg grad ... --json
[2]

$ mg -h
error: no option -h
hint: did you mean mg --help?
[2]

$ mg -V
error: no option -V
hint: did you mean mg --version?
[2]

$ mg -q
error: no option -q
hint: options come after the command: mg grad ... -q
[2]

$ mg help grd
error: no page about grd
hint: did you mean grad?
[2]

$ mg help tanh
error: no page about tanh
hint: for the function, write mg functions tanh
[2]

$ mg help sweep
error: no page about sweep
hint: see mg help usage
[2]

$ mg help gradient
error: no page about gradient
hint: did you mean grad?
[2]

$ mg help quux
error: no page about quux
hint: 'mg help' lists the topics
[2]

$ mg functions ln --digits 3
error: no option --digits
hint: see 'mg functions --help' for the options
[2]

$ mg functions ln --jsn
error: no option --jsn
hint: did you mean mg functions --json?
[2]

$ mg x
error: no command x
hint: see 'mg --help' for the list
[2]

# Habits of other tools and of other countries

$ mg eval 'max(1;2)'
error: unexpected ;
  max(1;2)
       ^
hint: separate the operands of a function with commas, as in max(x, y)
[2]

$ mg eval 'x : 2' -x 1
error: unexpected character :
  x : 2
    ^
hint: to divide, write /
[2]

$ mg eval 'f(2)'
error: unknown function f
  f(2)
  ^
hint: define it first, as in f(x) = x*x; to multiply, write f*(...)
[2]

$ mg eval 'racine(x)' -x 2
error: unknown function racine
  racine(x)
  ^^^^^^
hint: write sqrt(x)
[2]

$ mg eval x -x '-5;5'
error: the value of x: -5;5 is not one number
hint: a list is written 1,2,4, and a range start:stop:step
[2]

$ mg slope x -x '-5;5'
error: the value of x: -5;5 is not one number
hint: a value is a number or a constant expression, as in pi/4
[2]

$ mg descend 'x**2' -x 1 --latex
error: no value follows --latex
hint: --latex is an option of mg diff, explain, grad, hessian and uncertainty
[2]

$ mg eval 'x**2' -x 1 --rate 3
error: the expression has no variable rate
hint: --rate is an option of mg descend
[2]

$ mg functions ln --latex
error: no option --latex
hint: --latex is an option of mg diff, explain, grad, hessian and uncertainty
[2]

$ mg diff 'x**2' --step
error: no value follows --step
hint: did you mean --steps?
[2]

$ mg draw 'x**2' -x 1 -o g.svg
error: the expression has no variable o
hint: did you mean --out?
[2]

$ mg graph x
error: no command graph
hint: did you mean draw?
[2]

$ mg derivative x
error: no command derivative
hint: did you mean diff?
[2]

$ mg check 'x**2' '2*x'
error: two expressions: x**2 and 2*x
hint: for your derivative, write --claim '2*x'
[2]
"""

MISTAKE = re.compile(r"^\$ mg (?P<line>.*)\n(?P<stderr>(?:.+\n)*?)\[(?P<status>\d)\]$", re.MULTILINE)


@pytest.mark.parametrize(
    ("line", "status", "stderr"),
    [
        pytest.param(found["line"], int(found["status"]), found["stderr"], id=found["line"])
        for found in MISTAKE.finditer(MISTAKES)
    ],
)
@pytest.mark.usefixtures("without_dot")
def test_a_mistake_gets_its_span_and_its_remedy(
    mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, status: int, stderr: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin-1.mg").write_bytes("a = 1 # été\n".encode("latin-1"))
    assert mg(line) == (status, "", stderr)


def test_the_table_is_read_whole() -> None:
    assert len(MISTAKE.findall(MISTAKES)) == MISTAKES.count("\n$ ")


@pytest.mark.parametrize(
    "line",
    ["diff 'e**x'", "draw 'e**x'", "hessian 'e**x' --formulas", "check 'e**x' --claim 'x: e**x*log(e)'"],
)
def test_a_name_that_is_probably_not_a_variable_gets_a_note(mg: Run, line: str) -> None:
    note = "note: e is a variable; for Euler's number, write exp(1)\n"
    plain = mg(line.replace("e**", "a**").replace("(e)", "(a)"))
    noted = mg(line)
    assert (noted.exit_code, noted.stderr) == (0, note)
    assert (plain.exit_code, plain.stderr) == (0, "")


@pytest.mark.parametrize("line", ["diff 'e**x' -e 2 -x 3", "diff 'e**x' --wrt e", "check 'e*x' --claim x -e 2 --wrt e"])
def test_a_variable_that_is_given_a_value_or_named_gets_no_note(mg: Run, line: str) -> None:
    assert (mg(line).exit_code, mg(line).stderr) == (0, "")


def test_a_long_name_with_an_invalid_character_is_refused_in_proportion_to_its_length() -> None:
    def refused(length: int) -> None:
        with pytest.raises(ExpressionError, match=r"unexpected character ½"):
            parse("a" * length + "½")

    refused(100_000)
    assert lines_run(lambda: refused(20_000)) < 2.1 * lines_run(lambda: refused(10_000))
