<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>commander::ui::HeaderStrip</name>
    <message numerus="yes">
        <source>%Ln stream(s)</source>
        <translation>
            <numerusform>%Ln stream</numerusform>
            <numerusform>%Ln streams</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::MainWindow</name>
    <message numerus="yes">
        <source>%Ln part(s) of the engine stopped</source>
        <translation>
            <numerusform>%Ln part of the engine stopped</numerusform>
            <numerusform>%Ln parts of the engine stopped</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::OutcomeBox</name>
    <message numerus="yes">
        <source>It caused %Ln event(s).</source>
        <translation>
            <numerusform>It caused %Ln event.</numerusform>
            <numerusform>It caused %Ln events.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::SearchStrip</name>
    <message numerus="yes">
        <source>%Ln record(s)</source>
        <translation>
            <numerusform>%Ln record</numerusform>
            <numerusform>%Ln records</numerusform>
        </translation>
    </message>
</context>
</TS>
