"""The canteen: who ate on which day, with which menu, and what the month costs.

No decision of this room reads a balance: a child in class always eats.

Words: a *roll call* (appello) records the *presences* of a section on a day; what changes afterwards is a correction
with its reason. A *month close* posts the meals at the price in force on their day. Where meals are sold in advance, a
*block* (blocchetto) adds to a *stock*, and a meal takes from it. The *statement* (visura) shows a family all of it.

Others may call: `roll_call.call_roll`, `roll_call.correct_roll`, `month_close.close_month`, `blocks.order_block`,
`queries.child_summary`, `stock.meals_available`, `statement.meal_statements`.
"""
